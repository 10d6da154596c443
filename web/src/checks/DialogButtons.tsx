import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Act } from '../shell/useAct';

interface DialogButtonsProps {
  /** The label of the button that submits the form. */
  verb: string;
  act: Act<void>;
  onClose: () => void;
}

/** The buttons below the form of a dialog. Cancel also stops what is running. */
export function DialogButtons({ verb, act, onClose }: DialogButtonsProps): ReactNode {
  const cancel = (): void => {
    act.reset();
    onClose();
  };
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={cancel}>
        Cancel
      </Button>
      <Button type="submit" loading={act.running}>
        {verb}
      </Button>
    </Group>
  );
}
