import { Button, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, api, type Schemas } from '../api/client';
import { type ApiError, asApiError } from '../api/errors';
import { Refusal } from '../shell/Refusal';
import { useAct } from '../shell/useAct';
import { exactTime, When } from '../shell/When';
import { type CertnConnection, connectionQuery, dependents, endsSoon, environments, regions } from './connection';
import { SecretField } from './SecretField';
import { savedWords } from './webhooks';

type Wish = Schemas['SaveConnectionRequest'];

interface ConnectionFormProps {
  connection: CertnConnection;
  onSaved: () => void;
}

/** The two values from Certn and where they belong. Certn is asked before anything is saved. */
export function ConnectionForm({ connection, onSaved }: ConnectionFormProps): ReactNode {
  const client = useQueryClient();
  const { region, environment, api_key, webhook_secret_key } = connection;
  const form = useForm<Required<Wish>>({
    initialValues: {
      api_key: '',
      webhook_secret_key: '',
      region: region ?? 'ca',
      environment: environment ?? 'production',
    },
  });
  const complain = (fields: Record<string, string>): void => {
    form.setErrors(fields);
    const [first] = Object.keys(fields);
    if (first !== undefined) form.getInputNode(first)?.focus();
  };
  const save = useAct((wish: Wish) => put(wish, complain), {
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
            The secret before this one is accepted until {exactTime(webhook_secret_key.previous_accepted_until)}.
          </Text>
        )}
        <Group grow preventGrowOverflow={false} align="start">
          <NativeSelect label="Region" data={regions} {...form.getInputProps('region')} />
          <NativeSelect label="Environment" data={environments} {...form.getInputProps('environment')} />
        </Group>
        <Refusal error={fieldSaysIt(save.error) ? null : save.error} />
        <Group>
          <Button type="submit" loading={save.running}>
            Save & close
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The refusal stands beside its field already. */
const fieldSaysIt = (error: ApiError | null): boolean => Object.keys(error?.fields ?? {}).length > 0;

/** Empty fields are left out: then what is saved counts. Complaints about a field stand beside it. */
async function put(wish: Wish, complain: (fields: Record<string, string>) => void): Promise<CertnConnection> {
  const { api_key, webhook_secret_key, ...where } = wish;
  const body = { ...where, api_key: api_key || undefined, webhook_secret_key: webhook_secret_key || undefined };
  try {
    return await answer(api.PUT('/ats/v0/integrations/certn', { body }));
  } catch (error) {
    complain(asApiError(error).fields);
    throw error;
  }
}

function Expiry({ at }: { at: string | null }): ReactNode {
  if (at === null) return null;
  const soon = endsSoon(at);
  return (
    <Text size="sm" c={soon ? 'var(--mantine-color-error)' : 'dimmed'} fw={soon ? 600 : undefined}>
      Expires <When at={at} />:{' '}
      {soon ? 'make a new key in Certn and save it here.' : 'keys from Certn live for 365 days.'}
    </Text>
  );
}
