import { ActionIcon, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Stage } from './plan';
import { RemoveStage } from './RemoveStage';
import { RenameStage } from './RenameStage';

interface StageActionsProps {
  stage: Stage;
  last: boolean;
  onMove: (by: 1 | -1) => void;
  onRemoved: () => void;
}

/** Move up, move down, rename, delete. */
export function StageActions({ stage, last, onMove, onRemoved }: StageActionsProps): ReactNode {
  const { name, priority } = stage;
  const pressed = useRef<HTMLButtonElement>(null);
  // A row that moves loses the focus inside it.
  useEffect(() => {
    pressed.current?.focus();
    pressed.current = null;
  }, [priority]);
  const press = (button: HTMLButtonElement, by: 1 | -1): void => {
    pressed.current = button;
    onMove(by);
  };
  return (
    <ActionIcon.Group>
      <MoveButton label={`Move ${name} up`} off={priority === 1} onPress={(button) => press(button, -1)}>
        <IconArrowUp aria-hidden size={16} />
      </MoveButton>
      <MoveButton label={`Move ${name} down`} off={last} onPress={(button) => press(button, 1)}>
        <IconArrowDown aria-hidden size={16} />
      </MoveButton>
      <RenameStage stage={stage} />
      <RemoveStage stage={stage} onRemoved={onRemoved} />
    </ActionIcon.Group>
  );
}

interface MoveButtonProps {
  label: string;
  /** Already at that end. The button stays focusable, so that the focus is not lost. */
  off: boolean;
  onPress: (button: HTMLButtonElement) => void;
  children: ReactNode;
}

function MoveButton({ label, off, onPress, children }: MoveButtonProps): ReactNode {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        aria-label={label}
        aria-disabled={off || undefined}
        data-disabled={off || undefined}
        onClick={({ currentTarget }) => !off && onPress(currentTarget)}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
