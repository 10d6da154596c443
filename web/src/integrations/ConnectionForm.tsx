import { Button, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { type ReactNode, useId } from 'react';
import type { ApiError } from '../api/errors';
import { ErrorAlert } from '../shell/ErrorAlert';
import { exactDay, exactTime } from '../shell/When';
import { type Connection, endsSoon } from './connection';
import { SecretField } from './SecretField';
import { type ConnectionFields, useSaveConnection } from './useSaveConnection';

interface ConnectionFormProps {
  connection: Connection;
  onSaved: () => void;
}

/** The two values from the vendor, with region and environment. They are tried with the vendor before they are saved. */
export function ConnectionForm({ connection, onSaved }: ConnectionFormProps): ReactNode {
  const heading = useId();
  const { form, save } = useSaveConnection(connection, onSaved);
  return (
    <form onSubmit={form.onSubmit(save.run)} aria-labelledby={heading}>
      <Stack>
        <Title order={3} size="h5" id={heading}>
          Connection
        </Title>
        <SecretFields connection={connection} form={form} />
        <PlaceFields connection={connection} form={form} />
        <ErrorAlert error={fieldSaysIt(save.error) ? null : save.error} />
        <Group>
          <Button type="submit" loading={save.running}>
            Save & close
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The error is shown at its field already. */
const fieldSaysIt = (error: ApiError | null): boolean => Object.keys(error?.fields ?? {}).length > 0;

interface FieldsProps {
  connection: Connection;
  form: UseFormReturnType<ConnectionFields>;
}

function SecretFields({ connection: { name, api_key, webhook_secret_key }, form }: FieldsProps): ReactNode {
  const { previous_accepted_until: until } = webhook_secret_key;
  return (
    <>
      <SecretField label="API key" saved={api_key} {...form.getInputProps('api_key')} />
      <Expiry at={api_key.expires_at} vendor={name} />
      <SecretField
        label="Webhook secret key"
        saved={webhook_secret_key}
        {...form.getInputProps('webhook_secret_key')}
      />
      {until !== null && <Text size="sm">The previous secret works until {exactTime(until)}.</Text>}
    </>
  );
}

const environmentWords: Partial<Record<string, string>> = { production: 'Production', sandbox: 'Sandbox' };

/** Where the account is, as far as the vendor offers a choice. */
function PlaceFields({ connection: { regions, environments }, form }: FieldsProps): ReactNode {
  const places = regions.map(({ id, label }) => ({ value: id, label }));
  const choices = environments.map((id) => ({ value: id, label: environmentWords[id] ?? id }));
  if (places.length === 0 && choices.length < 2) return null;
  return (
    <Group grow preventGrowOverflow={false} align="start">
      {places.length > 0 && <NativeSelect label="Region" data={places} {...form.getInputProps('region')} />}
      {choices.length > 1 && <NativeSelect label="Environment" data={choices} {...form.getInputProps('environment')} />}
    </Group>
  );
}

function Expiry({ at, vendor }: { at: string | null; vendor: string }): ReactNode {
  if (at === null) return null;
  const soon = endsSoon(at);
  return (
    <Text size="sm" c={soon ? 'var(--mantine-color-error)' : 'dimmed'} fw={soon ? 600 : undefined}>
      Expires {exactDay(at)}
      {soon && `. Create a new key in ${vendor} and save it here.`}
    </Text>
  );
}
