import { Text } from '@mantine/core';
import { IconChecklist } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Schemas } from '../../api/client';
import type { Item } from '../../jobs/plan';
import type { Activity, AddProps, ChangeProps } from '../activity';
import { PlacedTask } from './PlacedTask';
import { type TaskFields, TaskForm } from './TaskForm';

/** Configurations of other kinds have other fields. */
const assigneeOf = ({ configuration }: Item): Schemas['PersonShown'] | null =>
  configuration && 'assignee' in configuration ? configuration.assignee : null;

function AddTask({ add, onCancel }: AddProps): ReactNode {
  const act = { ...add, run: (fields: TaskFields) => add.run({ type: 'task', ...fields }) };
  return <TaskForm verb="Add task" act={act} onCancel={onCancel} />;
}

function EditTask({ item, change, onCancel }: ChangeProps): ReactNode {
  return (
    <TaskForm title={item.display_name} assignee={assigneeOf(item)} verb="Save" act={change} onCancel={onCancel} />
  );
}

function Assignee({ item }: { item: Item }): ReactNode {
  const assignee = assigneeOf(item);
  if (!assignee) return null;
  return (
    <Text size="sm" c="dimmed">
      Assigned to {assignee.name}
    </Text>
  );
}

/** Something a person does for each application. */
export const task: Activity = {
  Icon: IconChecklist,
  Add: AddTask,
  Change: EditTask,
  verb: { text: 'Edit', named: true },
  Details: Assignee,
  removal: 'It is removed from the plan of every candidate on this job.',
  Placed: PlacedTask,
};
