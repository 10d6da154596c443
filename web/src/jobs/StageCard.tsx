import { Box, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDraggable, useDroppable } from '@dnd-kit/core';
import { IconGripVertical } from '@tabler/icons-react';
import { type ReactNode, useId, useRef } from 'react';
import { ActivityRow } from './ActivityRow';
import { AddActivity } from './AddActivity';
import type { Stage } from './plan';
import classes from './Plan.module.css';
import { StageActions } from './StageActions';

interface StageCardProps {
  stage: Stage;
  last: boolean;
  mayEdit: boolean;
  /** By how many places: up is negative. */
  onMove: (by: 1 | -1) => void;
  onRemoved: () => void;
}

/** A stage: its name, its number of applications, its activities. */
export function StageCard({ stage, last, mayEdit, onMove, onRemoved }: StageCardProps): ReactNode {
  const { id, name } = stage;
  const titleId = useId();
  const title = useRef<HTMLHeadingElement>(null);
  const place = useDroppable({ id, disabled: !mayEdit });
  const drag = useDraggable({ id, disabled: !mayEdit });
  return (
    <Paper
      component="li"
      ref={place.setNodeRef}
      withBorder
      p="md"
      aria-labelledby={titleId}
      className={classes.stage}
      data-over={(place.isOver && !drag.isDragging) || undefined}
      data-dragging={drag.isDragging || undefined}
      style={drag.transform ? { transform: `translateY(${drag.transform.y}px)` } : undefined}
    >
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Group gap="xs" wrap="nowrap" miw={0}>
            {mayEdit && <DragHandle drag={drag} />}
            <Title order={2} size="h4" id={titleId} ref={title} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
              {name}
            </Title>
          </Group>
          <Group gap="xs">
            <Text size="sm" c="dimmed">
              {inWords(stage.application_count)}
            </Text>
            {mayEdit && <StageActions stage={stage} last={last} onMove={onMove} onRemoved={onRemoved} />}
          </Group>
        </Group>
        <Activities stage={stage} mayEdit={mayEdit} onRemoved={() => title.current?.focus()} />
        {mayEdit && <AddActivity stage={stage} />}
      </Stack>
    </Paper>
  );
}

/** For pointers only: the buttons next to it do the same for all users. */
function DragHandle({ drag }: { drag: ReturnType<typeof useDraggable> }): ReactNode {
  return (
    <Box ref={drag.setNodeRef} {...drag.listeners} className={classes.handle} aria-hidden title="Drag to move">
      <IconGripVertical size={18} />
    </Box>
  );
}

function Activities({ stage, mayEdit, onRemoved }: Pick<StageCardProps, 'stage' | 'mayEdit' | 'onRemoved'>): ReactNode {
  if (stage.items.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No activities
      </Text>
    );
  }
  return (
    <Stack component="ul" aria-label="Activities" gap={0} p={0} m={0} className={classes.items}>
      {stage.items.map((item) => (
        <ActivityRow key={item.id} item={item} jobId={stage.job_id} mayEdit={mayEdit} onRemoved={onRemoved} />
      ))}
    </Stack>
  );
}

const inWords = (count: number): string => (count === 1 ? '1 application' : `${count.toLocaleString()} applications`);
