import { useForm, type UseFormReturnType } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { asApiError } from '../api/errors';
import { unlessChanged } from '../api/tags';
import { type Act, useAct } from '../shell/useAct';
import { type Connection, dependents, ofVendor } from './connection';
import { integrationsQuery } from './vendors';
import { savedWords } from './webhooks';

export interface ConnectionFields {
  api_key: string;
  webhook_secret_key: string;
  region: string;
  environment: string;
}

interface SaveConnection {
  form: UseFormReturnType<ConnectionFields>;
  save: Act<ConnectionFields>;
}

/** The form of a connection and its saving, over the version that was read. A place that is not saved yet is the vendor's usual one. */
export function useSaveConnection(connection: Connection, onSaved: () => void): SaveConnection {
  const client = useQueryClient();
  const { region, regions, environment, environments } = connection;
  const form = useForm<ConnectionFields>({
    initialValues: {
      api_key: '',
      webhook_secret_key: '',
      region: region ?? regions[0]?.id ?? '',
      environment: environment ?? environments[0] ?? '',
    },
  });
  const showErrors = (fields: Record<string, string>): void => {
    form.setErrors(fields);
    const [first] = Object.keys(fields);
    if (first !== undefined) form.getInputNode(first)?.focus();
  };
  const save = useAct((fields: ConnectionFields) => put(connection, fields, showErrors), {
    errorShown: true,
    refresh: dependents,
    onDone: (saved) => {
      notifications.show({ message: savedWords(saved) });
      client.setQueryData(integrationsQuery.queryKey, (list) =>
        list?.map((one) => (one.vendor === saved.vendor ? saved : one)),
      );
      onSaved();
    },
  });
  return { form, save };
}

/** Empty fields are left out, so the saved values stay. Errors of a field are shown at it. */
async function put(
  connection: Connection,
  { api_key, webhook_secret_key, region, environment }: ConnectionFields,
  showErrors: (fields: Record<string, string>) => void,
): Promise<Connection> {
  const body: Schemas['SaveConnectionRequest'] = {
    api_key: api_key || undefined,
    webhook_secret_key: webhook_secret_key || undefined,
    region: region || undefined,
    environment: (environment || undefined) as Schemas['SaveConnectionRequest']['environment'],
  };
  try {
    const params = { path: ofVendor(connection), header: unlessChanged(connection) };
    return await answer(api.PUT('/ats/v0/integrations/{vendor}', { params, body }));
  } catch (error) {
    showErrors(asApiError(error).fields);
    throw error;
  }
}
