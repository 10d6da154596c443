import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import type { Schemas } from '../api/client';
import { ErrorAlert } from '../shell/ErrorAlert';
import type { Act } from '../shell/useAct';
import { allScopes, type Level, levels, type Scope, scopeWords } from './accounts';

export interface Filled {
  name: string;
  level: Level;
  scopes: Scope[];
  clientId: string;
}

export const bodyOf = ({ name, level, scopes, clientId }: Filled): Schemas['CreateServiceAccountRequest'] => ({
  ...{ name: name.trim(), access_level: level, scopes, client_id: clientId.trim() || null },
});

interface AccountFormProps {
  initial: Filled;
  verb: string;
  act: Act<Filled>;
  onCancel: () => void;
}

/** What a service account is called, and what it may do. */
export function AccountForm({ initial, verb, act, onCancel }: AccountFormProps): ReactNode {
  const form = useForm<Filled>({ initialValues: initial, validate: { name: isNotEmpty('Enter a name') } });
  const wrongClient = act.error?.fields['client_id'];
  return (
    <form onSubmit={form.onSubmit(act.run)} noValidate>
      <Stack>
        <TextInput label="Name" required data-autofocus {...form.getInputProps('name')} />
        <NativeSelect
          label="Access level"
          description="The most it can do, like a user of this level."
          data={levels}
          {...form.getInputProps('level')}
        />
        <Checkbox.Group
          label="Scopes"
          description="What it can do within its access level."
          {...form.getInputProps('scopes')}
        >
          <Stack gap="xs" mt="xs">
            {allScopes.map((scope) => (
              <Checkbox key={scope} value={scope} label={scopeWords[scope]} />
            ))}
          </Stack>
        </Checkbox.Group>
        <TextInput
          label="Client id"
          description="Optional. A client of your identity provider that signs in by itself."
          autoComplete="off"
          {...form.getInputProps('clientId')}
          error={wrongClient}
        />
        <ErrorAlert error={wrongClient === undefined ? act.error : null} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={act.running}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
