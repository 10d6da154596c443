import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { answer, api, type Schemas } from '../api/client';
import { ErrorAlert } from '../shell/ErrorAlert';
import { useAct } from '../shell/useAct';
import { jobStatuses } from './job';

export function NewJobForm({ onCancel }: { onCancel: () => void }): ReactNode {
  const navigate = useNavigate();
  const form = useForm<Required<Omit<Schemas['CreateJobRequest'], 'external_id'>> & { requisition_id: string }>({
    initialValues: { name: '', requisition_id: '', status: 'open', confidential: false },
    validate: { name: isNotEmpty('Enter a name') },
  });
  const create = useAct(
    (body: Schemas['CreateJobRequest']) =>
      answer(api.POST('/ats/v0/jobs', { body: { ...body, requisition_id: body.requisition_id || null } })),
    {
      errorShown: true,
      refresh: [['jobs']],
      onDone: ({ id }) => void navigate({ to: '/jobs/$jobId/plan', params: { jobId: id } }),
    },
  );
  return (
    <form onSubmit={form.onSubmit(create.run)} noValidate>
      <Stack>
        <TextInput label="Name" required data-autofocus {...form.getInputProps('name')} />
        <TextInput label="Requisition" {...form.getInputProps('requisition_id')} />
        <NativeSelect label="Status" data={jobStatuses} {...form.getInputProps('status')} />
        <Checkbox
          label="Confidential"
          description="Only admins and people with permissions on this job can see it."
          {...form.getInputProps('confidential', { type: 'checkbox' })}
        />
        <ErrorAlert error={create.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={create.running}>
            Create job
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
