import { Alert, Anchor, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { AppLink } from '../shell/links';
import { ResultBadge, SandboxBadge, StatusBadge } from '../shell/StatusBadge';
import { exactDay, When } from '../shell/When';
import { VendorName } from './VendorName';
import { type Check, personName } from './words';

/** The state of a check: status, result, link to the results, sender, recipient, and what blocks it. */
export function CheckFacts({ check }: { check: Check }): ReactNode {
  const { sent_to, requested_by, requested_at, status_changed_at, confirmed_at: confirmed } = check;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <StatusBadge check={check} />
        <ResultBadge check={check} />
        <SandboxBadge environment={check.vendor.environment} />
        <Text fw={600}>{check.package.name}</Text>
        <VendorName check={check} />
        <ResultsLink check={check} />
        <ResultRemoved check={check} />
      </Group>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        Requested by {personName(requested_by)} <When at={requested_at} /> {sent_to === null ? '' : `for ${sent_to}`}
      </Text>
      <Text size="sm" c="dimmed">
        {check.status_label} <When at={status_changed_at} />
        {confirmed !== null && (
          <>
            {` · Last synced with ${check.vendor.name} `}
            <When at={confirmed} />
          </>
        )}
      </Text>
      <AtVendor check={check} />
      <Notices check={check} />
    </Stack>
  );
}

/** Shown instead of a result that the team's retention rule removed. */
export function ResultRemoved({ check: { result_removed_at: at } }: { check: Check }): ReactNode {
  return (
    at !== null && (
      <Text size="sm" c="dimmed">
        Result removed on {exactDay(at)}
      </Text>
    )
  );
}

/** Shown as soon as the vendor has the case. The page it opens says so when there are no results yet. */
export function ResultsLink({ check, label = 'Results URL' }: { check: Check; label?: string }): ReactNode {
  return (
    check.results_url !== null && (
      <AppLink to="/background_checks/$checkId/results" params={{ checkId: check.id }}>
        {label}
      </AppLink>
    )
  );
}

function AtVendor({ check: { vendor } }: { check: Check }): ReactNode {
  if (vendor.case_id === null) return null;
  const raw = vendor.status === null ? undefined : `Status in ${vendor.name}: ${vendor.status}`;
  return (
    <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
      <span title={raw} aria-description={raw}>
        {vendor.name} case {vendor.short_id ?? vendor.case_id}
      </span>{' '}
      {vendor.portal_url !== null && (
        <Anchor href={vendor.portal_url} target="_blank" rel="noreferrer">
          Open in {vendor.name}
        </Anchor>
      )}
    </Text>
  );
}

function Notices({ check }: { check: Check }): ReactNode {
  const { status, failure, cancel_requested_at: cancelledAt, replaced_by_id, replaces_id } = check;
  return (
    <>
      {failure !== null && failure.message !== null && (
        <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} p="xs">
          {failure.message}
        </Alert>
      )}
      {cancelledAt !== null && status !== 'cancelled' && (
        <Text size="sm">
          Cancellation requested <When at={cancelledAt} /> · Waiting for {check.vendor.name} to confirm
        </Text>
      )}
      <Related id={replaced_by_id}>Replaced by a newer check</Related>
      <Related id={replaces_id}>Replaces an earlier check</Related>
    </>
  );
}

function Related({ id, children }: { id: string | null; children: string }): ReactNode {
  return (
    id !== null && (
      <Text size="sm">
        {children}
        {' · '}
        <AppLink to="/background_checks/$checkId" params={{ checkId: id }}>
          Open check
        </AppLink>
      </Text>
    )
  );
}
