import { Alert, Anchor, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { AppLink } from '../shell/links';
import { ResultBadge, SandboxBadge, StatusBadge } from '../shell/StatusBadge';
import { exactDay, When } from '../shell/When';
import { type Check, personName } from './words';

/** How a check stands: status, result, where the results are, who sent it to whom, and what holds it up. */
export function CheckFacts({ check }: { check: Check }): ReactNode {
  const { sent_to, requested_by, requested_at, status_changed_at, confirmed_with_certn_at: confirmed } = check;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <StatusBadge check={check} />
        <ResultBadge check={check} />
        <SandboxBadge environment={check.certn.environment} />
        <Text fw={600}>{check.package.name}</Text>
        <ResultsLink check={check} />
        <ResultRemoved check={check} />
      </Group>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        Requested by {personName(requested_by)} <When at={requested_at} /> {sent_to === null ? '' : `for ${sent_to}`}
      </Text>
      <Text size="sm" c="dimmed">
        {check.status_label} since <When at={status_changed_at} />.{' '}
        {confirmed !== null && (
          <>
            Confirmed with Certn <When at={confirmed} />.
          </>
        )}
      </Text>
      <AtCertn check={check} />
      <Notices check={check} />
    </Stack>
  );
}

/** In the place of a result that the team's rule removed. */
export function ResultRemoved({ check: { result_removed_at: at } }: { check: Check }): ReactNode {
  return (
    at !== null && (
      <Text size="sm" c="dimmed">
        Result removed on {exactDay(at)}
      </Text>
    )
  );
}

/** There from the moment that Certn has the case; the page behind it says when there is nothing to read yet. */
export function ResultsLink({ check }: { check: Check }): ReactNode {
  return (
    check.results_url !== null && (
      <AppLink to="/background_checks/$checkId/results" params={{ checkId: check.id }}>
        Results URL
      </AppLink>
    )
  );
}

function AtCertn({ check: { certn } }: { check: Check }): ReactNode {
  if (certn.case_id === null) return null;
  return (
    <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
      Case {certn.short_id ?? certn.case_id} at Certn{certn.status !== null && `: ${certn.status}`}{' '}
      {certn.portal_url !== null && (
        <Anchor href={certn.portal_url} target="_blank" rel="noreferrer">
          Open Certn
        </Anchor>
      )}
    </Text>
  );
}

function Notices({ check }: { check: Check }): ReactNode {
  const { status, failure, cancel_requested_at: cancelAsked, replaced_by_id, replaces_id } = check;
  return (
    <>
      {failure !== null && failure.message !== null && (
        <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} p="xs">
          {failure.message}
        </Alert>
      )}
      {cancelAsked !== null && status !== 'cancelled' && (
        <Text size="sm">
          Cancelling was asked for <When at={cancelAsked} />. It counts once Certn confirms it.
        </Text>
      )}
      <Related id={replaced_by_id}>Sent again as another check</Related>
      <Related id={replaces_id}>Takes the place of an earlier check</Related>
    </>
  );
}

function Related({ id, children }: { id: string | null; children: string }): ReactNode {
  return (
    id !== null && (
      <Text size="sm">
        {children}:{' '}
        <AppLink to="/background_checks/$checkId" params={{ checkId: id }}>
          show it
        </AppLink>
      </Text>
    )
  );
}
