import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { Refusal } from './Refusal';
import type { Act } from './useAct';

interface ConfirmProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** The button that does it, in a verb. */
  verb: string;
  /** The button that does not. */
  otherwise?: string;
  act: Act<void>;
  children: ReactNode;
}

/** Asks before something that cannot be taken back; the consequences are its children. Give `act` `errorShown`. */
export function Confirm({
  opened,
  onClose,
  title,
  verb,
  otherwise = 'Keep it',
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
        <Refusal error={act.error} />
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
