import { Button, Group, Stack, TextInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import type { KeyboardEvent, ReactNode } from 'react';
import { Refusal } from '../shell/Refusal';
import type { Act } from '../shell/useAct';

interface NameFormProps {
  label: string;
  name?: string;
  /** The button that does it. */
  verb: string;
  /** Takes the name; give it `errorShown`. */
  act: Act<string>;
  onCancel: () => void;
}

/** One name, where one stands: of a stage or an interview. Escape leaves it. */
export function NameForm({ label, name = '', verb, act, onCancel }: NameFormProps): ReactNode {
  const form = useForm({ initialValues: { name }, validate: { name: isNotEmpty('It needs a name.') } });
  const leaveOnEscape = ({ key }: KeyboardEvent): void => {
    if (key === 'Escape') onCancel();
  };
  const refused = act.error?.fields.name;
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
            error={form.errors.name ?? refused}
          />
          <Button type="submit" loading={act.running}>
            {verb}
          </Button>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
        <Refusal error={refused === undefined ? act.error : null} />
      </Stack>
    </form>
  );
}
