import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import { asApiError } from '../api/errors';
import { ErrorAlert } from '../shell/ErrorAlert';
import { useAct } from '../shell/useAct';
import { endpointsKey, eventTypes, eventWords, type Filled } from './endpoint';

interface EndpointFormProps<Saved> {
  initial: Filled;
  verb: string;
  save: (filled: Filled) => Promise<Saved>;
  onSaved: (saved: Saved) => void;
  onCancel: () => void;
}

/** What an admin decides about an endpoint. The service's words about a field are shown at it. */
export function EndpointForm<Saved>({ initial, verb, save, onSaved, onCancel }: EndpointFormProps<Saved>): ReactNode {
  const form = useForm<Filled>({
    initialValues: initial,
    validate: {
      url: (url) => (/\S/.test(url) ? null : 'Enter an address'),
      event_types: (types) => (types.length > 0 ? null : 'Choose at least one'),
    },
  });
  const saving = useAct(
    async (filled: Filled) => {
      try {
        return await save(filled);
      } catch (error) {
        form.setErrors(asApiError(error).fields);
        throw error;
      }
    },
    { errorShown: true, refresh: [endpointsKey], onDone: onSaved },
  );
  const fieldSaysIt = Object.keys(saving.error?.fields ?? {}).length > 0;
  return (
    <form onSubmit={form.onSubmit(saving.run)} noValidate>
      <Stack>
        <TextInput
          label="Address"
          description="Begins with https://"
          placeholder="https://hooks.example.org/ats"
          required
          data-autofocus
          autoComplete="off"
          {...form.getInputProps('url')}
        />
        <TextInput label="Description" autoComplete="off" {...form.getInputProps('description')} />
        <Checkbox.Group label="Events" {...form.getInputProps('event_types')}>
          <Stack gap="xs" mt="xs">
            {eventTypes.map((type) => (
              <Checkbox key={type} value={type} label={eventWords[type]} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Checkbox
          label="Include results of checks"
          description="Everyone who reads what the endpoint gets can see them."
          {...form.getInputProps('include_results', { type: 'checkbox' })}
        />
        <Checkbox label="Include names of candidates" {...form.getInputProps('include_names', { type: 'checkbox' })} />
        <ErrorAlert error={fieldSaysIt ? null : saving.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={saving.running}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
