import { Box, Table } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api, page, perPage, type Schemas } from '../api/client';
import { useMe } from '../session/me';
import { AppLink } from '../shell/links';
import { Page } from '../shell/Page';
import { Pages } from '../shell/Pages';
import { SearchField } from '../shell/SearchField';
import { Empty, Loaded } from '../shell/states';
import { When } from '../shell/When';
import { NewCandidate } from './NewCandidate';

type Candidate = Schemas['CandidateResponse'];

const route = getRouteApi('/console/candidates');

export function CandidatesPage(): ReactNode {
  const { search = '', page: at = 1 } = route.useSearch();
  const navigate = route.useNavigate();
  const mayCreate = ['standard', 'admin'].includes(useMe().access_level);
  const candidates = useQuery({
    queryKey: ['candidates', search, at],
    queryFn: ({ signal }) => {
      const query = { search: search ? [search] : undefined, page: at, per_page: perPage };
      return page(api.GET('/ats/v0/candidates', { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
  });
  return (
    <Page title="Candidates" actions={mayCreate && <NewCandidate />}>
      <Box mb="md" role="search">
        <SearchField
          label="Search candidates"
          value={search}
          onSearch={(text) => void navigate({ search: { search: text || undefined }, replace: true })}
        />
      </Box>
      <Loaded query={candidates} what="Loading the candidates">
        {(list) => (
          <>
            {list.total === 0 ? (
              <NoCandidates searched={search !== ''} mayCreate={mayCreate} />
            ) : (
              <CandidateTable candidates={list.items} />
            )}
            <Pages list={list} page={at} onPage={(to) => void navigate({ search: (old) => ({ ...old, page: to }) })} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function NoCandidates({ searched, mayCreate }: { searched: boolean; mayCreate: boolean }): ReactNode {
  if (searched) return <Empty title="No matches">Try part of a name or email address.</Empty>;
  if (mayCreate) return <Empty title="No candidates yet">Add the first one with New candidate.</Empty>;
  return <Empty title="No candidates yet">You see candidates for the jobs you have access to.</Empty>;
}

function CandidateTable({ candidates }: { candidates: Candidate[] }): ReactNode {
  return (
    <Table verticalSpacing="sm" highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Candidate</Table.Th>
          <Table.Th>Email</Table.Th>
          <Table.Th visibleFrom="sm">Applications</Table.Th>
          <Table.Th visibleFrom="sm">Added</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {candidates.map((candidate) => (
          <Table.Tr key={candidate.id}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <AppLink to="/candidates/$candidateId" params={{ candidateId: candidate.id }} fw={600}>
                {candidate.first_name} {candidate.last_name}
              </AppLink>
            </Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{addressOf(candidate)}</Table.Td>
            <Table.Td visibleFrom="sm">{candidate.application_ids.length}</Table.Td>
            <Table.Td visibleFrom="sm">
              <When at={candidate.created_at} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function addressOf({ email_addresses: addresses }: Candidate): string {
  return (addresses.find(({ is_primary }) => is_primary) ?? addresses[0])?.value ?? 'None';
}
