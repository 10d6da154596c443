import { Button, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, api, type Schemas } from '../api/client';
import { type ApiError, asApiError } from '../api/errors';
import { ErrorAlert } from '../shell/ErrorAlert';
import { useAct } from '../shell/useAct';
import { exactDay, exactTime } from '../shell/When';
import {
  type CertnConnection,
  connectionQuery,
  dependents,
  endsSoon,
  environments,
  ofCertn,
  regions,
} from './connection';
import { SecretField } from './SecretField';
import { savedWords } from './webhooks';

type Input = Schemas['SaveConnectionRequest'];

interface ConnectionFormProps {
  connection: CertnConnection;
  onSaved: () => void;
}

/** The two values from Certn, with region and environment. They are tried with Certn before they are saved. */
export function ConnectionForm({ connection, onSaved }: ConnectionFormProps): ReactNode {
  const client = useQueryClient();
  const { region, environment, api_key, webhook_secret_key } = connection;
  const form = useForm<Required<Input>>({
    initialValues: {
      api_key: '',
      webhook_secret_key: '',
      region: region ?? 'ca',
      environment: environment ?? 'production',
    },
  });
  const showErrors = (fields: Record<string, string>): void => {
    form.setErrors(fields);
    const [first] = Object.keys(fields);
    if (first !== undefined) form.getInputNode(first)?.focus();
  };
  const save = useAct((input: Input) => put(input, showErrors), {
    errorShown: true,
    refresh: dependents,
    onDone: (saved) => {
      notifications.show({ message: savedWords[saved.health.webhooks.state] });
      client.setQueryData(connectionQuery.queryKey, saved);
      onSaved();
    },
  });
  return (
    <form onSubmit={form.onSubmit(save.run)} aria-labelledby="certn-form">
      <Stack>
        <Title order={3} size="h5" id="certn-form">
          Connection
        </Title>
        <SecretField label="API key" saved={api_key} {...form.getInputProps('api_key')} />
        <Expiry at={api_key.expires_at} />
        <SecretField
          label="Webhook secret key"
          saved={webhook_secret_key}
          {...form.getInputProps('webhook_secret_key')}
        />
        {webhook_secret_key.previous_accepted_until !== null && (
          <Text size="sm">
            The previous secret works until {exactTime(webhook_secret_key.previous_accepted_until)}.
          </Text>
        )}
        <Group grow preventGrowOverflow={false} align="start">
          <NativeSelect label="Region" data={regions} {...form.getInputProps('region')} />
          <NativeSelect label="Environment" data={environments} {...form.getInputProps('environment')} />
        </Group>
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

/** Empty fields are left out, so the saved values stay. Errors of a field are shown at it. */
async function put(input: Input, showErrors: (fields: Record<string, string>) => void): Promise<CertnConnection> {
  const { api_key, webhook_secret_key, ...where } = input;
  const body = { ...where, api_key: api_key || undefined, webhook_secret_key: webhook_secret_key || undefined };
  try {
    return await answer(api.PUT('/ats/v0/integrations/{vendor}', { params: { path: ofCertn }, body }));
  } catch (error) {
    showErrors(asApiError(error).fields);
    throw error;
  }
}

function Expiry({ at }: { at: string | null }): ReactNode {
  if (at === null) return null;
  const soon = endsSoon(at);
  return (
    <Text size="sm" c={soon ? 'var(--mantine-color-error)' : 'dimmed'} fw={soon ? 600 : undefined}>
      Expires {exactDay(at)}
      {soon && '. Create a new key in Certn and save it here.'}
    </Text>
  );
}
