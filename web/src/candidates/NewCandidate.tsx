import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { answer, api, type Schemas } from '../api/client';
import { ErrorAlert } from '../shell/ErrorAlert';
import { useAct } from '../shell/useAct';
import { ExistingCandidates, candidatesWith } from './ExistingCandidates';

/** Adds a candidate. Applications come afterwards. */
export function NewCandidate(): ReactNode {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button leftSection={<IconPlus aria-hidden size={16} />} onClick={open}>
        New candidate
      </Button>
      <Modal opened={opened} onClose={close} title="New candidate">
        <NewCandidateForm onCancel={close} />
      </Modal>
    </>
  );
}

const blank = { firstName: '', lastName: '', email: '', phone: '' };

function NewCandidateForm({ onCancel }: { onCancel: () => void }): ReactNode {
  const navigate = useNavigate();
  const form = useForm({
    initialValues: blank,
    validate: {
      firstName: isNotEmpty('Enter a first name'),
      lastName: isNotEmpty('Enter a last name'),
    },
  });
  const client = useQueryClient();
  const email = form.values.email.trim();
  const [typed] = useDebouncedValue(email, 300);
  const known = useQuery(candidatesWith(typed)).data ?? [];
  const warned = typed === email && known.length > 0;
  const create = useAct(
    async (filled: typeof blank, signal) => {
      // A user faster than the lookup is warned now and confirms with a second click.
      const lookup = candidatesWith(email);
      if (lookup.enabled === true && !warned && (await client.fetchQuery(lookup)).length > 0) return null;
      return answer(api.POST('/ats/v0/candidates', { body: candidateOf(filled), signal }));
    },
    {
      errorShown: true,
      refresh: [['candidates']],
      onDone: ({ id }) => void navigate({ to: '/candidates/$candidateId', params: { candidateId: id } }),
    },
  );
  const wrongAddress = create.error?.fields['email_addresses.0.value'];
  return (
    <form onSubmit={form.onSubmit(create.run)} noValidate>
      <Stack>
        <TextInput label="First name" required data-autofocus {...form.getInputProps('firstName')} />
        <TextInput label="Last name" required {...form.getInputProps('lastName')} />
        <TextInput
          label="Email"
          type="email"
          description="Background checks are sent to this address."
          {...form.getInputProps('email')}
          error={wrongAddress}
        />
        {warned && <ExistingCandidates people={known} />}
        <TextInput label="Phone" type="tel" {...form.getInputProps('phone')} />
        <ErrorAlert error={wrongAddress === undefined ? create.error : null} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={create.running}>
            {warned ? 'Add anyway' : 'Add candidate'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const candidateOf = ({ firstName, lastName, email, phone }: typeof blank): Schemas['CreateCandidateRequest'] => ({
  first_name: firstName.trim(),
  last_name: lastName.trim(),
  email_addresses: email.trim() === '' ? [] : [{ value: email.trim(), is_primary: true }],
  phone_numbers: phone.trim() === '' ? [] : [{ value: phone.trim() }],
});
