import { Alert, Stack, Table } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { exactTime, When } from '../shell/When';
import { type CertnConnection, refusedTitle } from './connection';
import { causeWords } from './webhooks';

const neverOr = (at: string | null): ReactNode => (at === null ? 'Never' : <When at={at} />);

const asOften = (seconds: number | null): string =>
  seconds === null ? 'Not yet' : `Every ${Math.round(seconds / 60)} minutes`;

/** Whether both directions work: our calls to Certn, and Certn's events to us. */
export function Health({ connection: { health } }: { connection: CertnConnection }): ReactNode {
  const { last_event_at, last_call_at, rejected_signatures_24h, webhooks, parked_jobs, budget } = health;
  const rows: [string, ReactNode][] = [
    ['Events from Certn', <WebhookState key="webhooks" webhooks={webhooks} />],
    ['Last event from Certn', neverOr(last_event_at)],
    ['Last call to Certn', neverOr(last_call_at)],
    ['Refused signatures in 24 hours', rejected_signatures_24h.toLocaleString()],
    ['Calls today', `${budget.used_today.toLocaleString()} of ${budget.per_day.toLocaleString()}`],
    ['Open checks are compared with Certn', asOften(budget.sweep_interval_seconds)],
    ['Work that waits for the operator', parked_jobs.toLocaleString()],
  ];
  return (
    <Stack maw={640}>
      <Warnings health={health} />
      <Table variant="vertical" layout="auto">
        <Table.Tbody>
          {rows.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{name}</Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

function WebhookState({ webhooks: { state, since } }: { webhooks: CertnConnection['health']['webhooks'] }): ReactNode {
  if (since === null) return 'Waiting for the first one';
  return (
    <>
      {state === 'refused' ? 'Refused' : 'Working'} since {exactTime(since)}
    </>
  );
}

/** What an admin can do something about, or should know before they ask. */
function Warnings({ health }: { health: CertnConnection['health'] }): ReactNode {
  const { paused_until, webhooks_silent_since, webhooks, last_error } = health;
  return (
    <>
      {paused_until && (
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title="Checks wait to be sent">
          Certn does not take orders at the moment, or asked for a pause. Nothing is lost: they go out by themselves.
          Certn is tried again at {exactTime(paused_until)}.
        </Alert>
      )}
      {webhooks_silent_since && (
        <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} title="Certn sends no events">
          Checks have changed without an event since {exactTime(webhooks_silent_since)}. Look in Certn whether the
          webhook is still there and switched on. Until then changes are found by asking, and arrive later.
        </Alert>
      )}
      {webhooks.likely_cause !== null && (
        <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} title={refusedTitle(webhooks)}>
          {causeWords[webhooks.likely_cause]}
        </Alert>
      )}
      {last_error && (
        <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} title="The last failed call">
          {last_error.message} (<When at={last_error.at} />)
        </Alert>
      )}
    </>
  );
}
