import { Stack, VisuallyHidden } from '@mantine/core';
import {
  type Announcements,
  closestCenter,
  DndContext,
  type DragEndEvent,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { type ReactNode, useRef, useState } from 'react';
import { type Stage, useMoveStage } from './plan';
import { StageCard } from './StageCard';

interface StageListProps {
  jobId: string;
  stages: Stage[];
  mayEdit: boolean;
}

/** Our own announcements use names and positions; the library's use ids. */
const silent: Announcements = {
  onDragStart: () => undefined,
  onDragOver: () => undefined,
  onDragEnd: () => undefined,
  onDragCancel: () => undefined,
};

/** The stages in order. They move by drag and drop and by buttons, so that mouse, touch and keyboard work. */
export function StageList({ jobId, stages, mayEdit }: StageListProps): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  const [said, say] = useState('');
  const move = useMoveStage(jobId);
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }));
  const moveTo = (stage: Stage, priority: number): void => {
    if (move.running || priority === stage.priority || priority < 1 || priority > stages.length) return;
    move.run({ stage, priority });
    say(`${stage.name} is now stage ${priority} of ${stages.length}.`);
  };
  const drop = ({ active, over }: DragEndEvent): void => {
    const dragged = stages.find(({ id }) => id === active.id);
    const onto = stages.find(({ id }) => id === over?.id);
    if (dragged && onto) moveTo(dragged, onto.priority);
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      accessibility={{ announcements: silent }}
      onDragEnd={drop}
    >
      <Stack component="ol" ref={list} tabIndex={-1} aria-label="Stages" p={0} m={0} style={{ listStyle: 'none' }}>
        {stages.map((stage) => (
          <StageCard
            key={stage.id}
            stage={stage}
            last={stage.priority === stages.length}
            mayEdit={mayEdit}
            onMove={(by) => moveTo(stage, stage.priority + by)}
            onRemoved={() => list.current?.focus()}
          />
        ))}
      </Stack>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </DndContext>
  );
}
