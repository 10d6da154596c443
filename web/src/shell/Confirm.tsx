import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorAlert } from './ErrorAlert';
import type { Act } from './useAct';

interface ConfirmProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** The label of the confirming button, a verb. */
  verb: string;
  /** The label of the other button. */
  otherwise?: string;
  act: Act<void>;
  children: ReactNode;
}

/** Asks before an action that cannot be undone. The children list the consequences. Give `act` `errorShown`. */
export function Confirm({
  opened,
  onClose,
  title,
  verb,
  otherwise = 'Cancel',
  act,
  children,
}: ConfirmProps): ReactNode {
  const close = (): void => {
    act.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={title}>
      <Stack>
        <div>{children}</div>
        <ErrorAlert error={act.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            {otherwise}
          </Button>
          <Button color="danger" loading={act.running} onClick={() => act.run()}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
