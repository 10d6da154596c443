import { Button, Group, Stack, TextInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import type { KeyboardEvent, ReactNode } from 'react';
import { ErrorAlert } from '../shell/ErrorAlert';
import type { Act } from '../shell/useAct';

interface NameFormProps {
  label: string;
  name?: string;
  /** The label of the submit button. */
  verb: string;
  /** Takes the name; give it `errorShown`. */
  act: Act<string>;
  onCancel: () => void;
}

/** An inline form for the name of a stage or an interview. Escape closes it. */
export function NameForm({ label, name = '', verb, act, onCancel }: NameFormProps): ReactNode {
  const form = useForm({ initialValues: { name }, validate: { name: isNotEmpty('Enter a name') } });
  const leaveOnEscape = ({ key }: KeyboardEvent): void => {
    if (key === 'Escape') onCancel();
  };
  const fieldError = act.error?.fields.name;
  return (
    <form onSubmit={form.onSubmit((filled) => act.run(filled.name.trim()))} onKeyDown={leaveOnEscape} noValidate>
      <Stack gap="xs">
        <Group align="end" gap="xs">
          <TextInput
            label={label}
            autoFocus
            data-autofocus
            maxLength={255}
            flex={{ base: '1 1 100%', xs: '0 1 320px' }}
            inputWrapperOrder={['label', 'error', 'input']}
            {...form.getInputProps('name')}
            error={form.errors.name ?? fieldError}
          />
          <Button type="submit" loading={act.running}>
            {verb}
          </Button>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
        <ErrorAlert error={fieldError === undefined ? act.error : null} />
      </Stack>
    </form>
  );
}
