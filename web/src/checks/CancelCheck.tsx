import { Button, List } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { answer, api } from '../api/client';
import { Confirm } from '../shell/Confirm';
import { useCheckAct } from './check';
import type { Check } from './words';

/** Stops a check, after saying what that means for the candidate. */
export function CancelCheck({ check }: { check: Check }): ReactNode {
  const [asking, { open, close }] = useDisclosure();
  const { id, vendor } = check;
  const cancel = useCheckAct(
    check,
    (_, signal) => answer(api.POST('/ats/v0/background_checks/{id}/cancel', { params: { path: { id } }, signal })),
    { errorShown: true, done: 'Cancellation requested', onDone: close },
  );
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={open}>
        Cancel check
      </Button>
      <Confirm
        opened={asking}
        onClose={close}
        title="Cancel this background check?"
        verb="Cancel check"
        otherwise="Keep check"
        act={cancel}
      >
        <List size="sm" spacing="xs">
          <List.Item>
            {check.package.name}, sent to {check.sent_to}. The invitation stops working.
          </List.Item>
          <List.Item>If it has not reached {vendor.name} yet, it is not sent.</List.Item>
          <List.Item>
            If {vendor.name} already has it, it is cancelled once {vendor.name} confirms. {vendor.name} can refuse and
            gives the reason.
          </List.Item>
          <List.Item>This cannot be undone. You can send a new check afterwards.</List.Item>
        </List>
      </Confirm>
    </>
  );
}
