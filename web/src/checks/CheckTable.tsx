import { Group, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Schemas } from '../api/client';
import { AppLink } from '../shell/links';
import { ResultBadge, SandboxBadge, StatusBadge } from '../shell/StatusBadge';
import { When } from '../shell/When';
import { ResultRemoved, ResultsLink } from './CheckFacts';
import { applicationsOf } from './filters';
import { VendorName } from './VendorName';
import { type Check, personName } from './words';

type Application = Schemas['ApplicationResponse'];

/** Checks of several candidates and jobs, one a row. */
export function CheckTable({ checks, label }: { checks: Check[]; label: string }): ReactNode {
  const { data: applications } = useQuery(applicationsOf(checks));
  return (
    <Table.ScrollContainer minWidth={880} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': label } }}>
      <Table verticalSpacing="sm" aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Candidate</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Job</Table.Th>
            <Table.Th>Package</Table.Th>
            <Table.Th>Requested</Table.Th>
            <Table.Th>Results</Table.Th>
            <Table.Th>Check</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {checks.map((check) => (
            <CheckRow key={check.id} check={check} application={applications?.get(check.application_id)} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function CheckRow({ check, application }: { check: Check; application: Application | undefined }): ReactNode {
  const { id, candidate_id: candidateId, application_id, requested_by, requested_at } = check;
  const { first_name = '', last_name = '' } = application?.candidate ?? {};
  const name = `${first_name} ${last_name}`.trim() || 'Candidate';
  return (
    <Table.Tr>
      <Table.Td>
        <AppLink to="/candidates/$candidateId" params={{ candidateId }} search={{ application: application_id }}>
          {name}
        </AppLink>
      </Table.Td>
      <Table.Td>
        <Group gap={6}>
          <StatusBadge check={check} />
          <ResultBadge check={check} />
          <SandboxBadge environment={check.vendor.environment} />
        </Group>
      </Table.Td>
      <Table.Td>{application?.job.name}</Table.Td>
      <Table.Td>
        {check.package.name}
        <VendorName check={check} />
      </Table.Td>
      <Table.Td>
        <When at={requested_at} />
        <Text size="xs" c="dimmed">
          {personName(requested_by)}
        </Text>
      </Table.Td>
      <Table.Td>
        <ResultsLink check={check} label="View report" />
        <ResultRemoved check={check} />
      </Table.Td>
      <Table.Td>
        <AppLink
          to="/background_checks/$checkId"
          params={{ checkId: id }}
          aria-label={`Open check ${check.package.name} of ${name}`}
        >
          Open check
        </AppLink>
      </Table.Td>
    </Table.Tr>
  );
}
