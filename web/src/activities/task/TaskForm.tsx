import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import type { KeyboardEvent, ReactNode } from 'react';
import type { Schemas } from '../../api/client';
import { ErrorAlert } from '../../shell/ErrorAlert';
import type { Act } from '../../shell/useAct';
import { usersQuery } from './tasks';

export interface TaskFields {
  title: string;
  assignee_id: string | null;
}

type Person = Schemas['PersonShown'];

interface TaskFormProps {
  title?: string;
  assignee?: Person | null;
  /** The label of the submit button. */
  verb: string;
  act: Act<TaskFields>;
  onCancel: () => void;
}

/** An inline form for a task. Escape closes it. */
export function TaskForm({ title = '', assignee = null, verb, act, onCancel }: TaskFormProps): ReactNode {
  const users = useQuery(usersQuery);
  const form = useForm({
    initialValues: { title, assignee_id: assignee?.id ?? null },
    validate: { title: (text) => (text.trim() === '' ? 'Enter a title' : null) },
  });
  const leaveOnEscape = ({ key, defaultPrevented }: KeyboardEvent): void => {
    if (key === 'Escape' && !defaultPrevented) onCancel();
  };
  const { title: titleError, assignee_id: assigneeError } = act.error?.fields ?? {};
  const named = titleError !== undefined || assigneeError !== undefined;
  return (
    <form
      onSubmit={form.onSubmit((filled) => act.run({ ...filled, title: filled.title.trim() }))}
      onKeyDown={leaveOnEscape}
      noValidate
    >
      <Stack gap="xs">
        <Group align="start" gap="xs">
          <TextInput
            label="Task title"
            placeholder="Call the reference"
            autoFocus
            data-autofocus
            maxLength={120}
            flex={{ base: '1 1 100%', xs: '0 1 320px' }}
            {...form.getInputProps('title')}
            error={form.errors.title ?? titleError}
          />
          <Select
            label="Assignee (optional)"
            placeholder={users.isPending ? 'Loading…' : 'No one'}
            data={choices(users.data ?? [], assignee)}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'Remove the assignee' }}
            nothingFoundMessage="No matches"
            comboboxProps={{ withinPortal: false }}
            flex={{ base: '1 1 100%', xs: '0 1 240px' }}
            {...form.getInputProps('assignee_id')}
            error={form.errors.assignee_id ?? assigneeError}
          />
        </Group>
        <Group gap="xs">
          <Button type="submit" loading={act.running}>
            {verb}
          </Button>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
        <ErrorAlert error={named ? null : (act.error ?? null)} />
      </Stack>
    </form>
  );
}

/** The active users by name, and the current assignee even if they are no longer active. */
function choices(users: readonly Schemas['UserResponse'][], assignee: Person | null) {
  const active = users.filter(({ disabled }) => !disabled).map(({ id, name }) => ({ value: id, label: name }));
  const missing = assignee !== null && !active.some(({ value }) => value === assignee.id);
  const all = missing ? [...active, { value: assignee.id, label: assignee.name }] : active;
  return all.toSorted((a, b) => a.label.localeCompare(b.label));
}
