import { Alert, Stack, Table } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { exactTime, When } from '../shell/When';
import { type Connection, mismatchTitle, type Webhooks } from './connection';
import { causeWords } from './webhooks';

const neverOr = (at: string | null): ReactNode => (at === null ? 'Never' : <When at={at} />);

const asOften = (seconds: number | null): string =>
  seconds === null ? 'Not yet' : `Every ${Math.round(seconds / 60)} minutes`;

/** The health of both directions: calls to the vendor, and its events. */
export function Health({ connection }: { connection: Connection }): ReactNode {
  const { name, health } = connection;
  const { last_event_at, last_call_at, rejected_signatures_24h, webhooks, parked_jobs, budget } = health;
  const rows: [string, ReactNode][] = [
    [`Events from ${name}`, <WebhookState key="webhooks" webhooks={webhooks} />],
    [`Last event from ${name}`, neverOr(last_event_at)],
    [`Last call to ${name}`, neverOr(last_call_at)],
    ['Rejected signatures in 24 hours', rejected_signatures_24h.toLocaleString()],
    ['Calls today', `${budget.used_today.toLocaleString()} of ${budget.per_day.toLocaleString()}`],
    ['Open checks are synced', asOften(budget.sweep_interval_seconds)],
    ['Jobs that need support', parked_jobs.toLocaleString()],
  ];
  return (
    <Stack maw={640}>
      <Warnings connection={connection} />
      <Table variant="vertical" layout="auto">
        <Table.Tbody>
          {rows.map(([row, value]) => (
            <Table.Tr key={row}>
              <Table.Th scope="row">{row}</Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

function WebhookState({ webhooks: { state, since } }: { webhooks: Webhooks }): ReactNode {
  if (since === null) return 'Waiting for the first event';
  return (
    <>
      {state === 'refused' ? 'Rejected' : 'Working'} since {exactTime(since)}
    </>
  );
}

/** What an admin can fix or should know. */
function Warnings({ connection: { name, health } }: { connection: Connection }): ReactNode {
  const { paused_until, webhooks_silent_since, webhooks, last_error } = health;
  return (
    <>
      {paused_until && (
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title="Checks are on hold">
          {name} is not accepting orders, or asked for a pause. Nothing is lost: the checks are sent automatically. Next
          attempt {exactTime(paused_until)}.
        </Alert>
      )}
      {webhooks_silent_since && (
        <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} title={`No events from ${name}`}>
          Checks have changed without an event since {exactTime(webhooks_silent_since)}. Make sure that the webhook in
          {name} still exists and is enabled. Until then, changes arrive later.
        </Alert>
      )}
      {webhooks.likely_cause !== null && (
        <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} title={mismatchTitle(webhooks)}>
          {causeWords(webhooks.likely_cause, name)}
        </Alert>
      )}
      {last_error && (
        <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} title="Last failed call">
          {last_error.message} (<When at={last_error.at} />)
        </Alert>
      )}
    </>
  );
}
