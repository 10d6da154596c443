import { Group, NativeSelect, Table } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api, page, perPage } from '../api/client';
import { useMe } from '../session/me';
import { AppLink } from '../shell/links';
import { Page } from '../shell/Page';
import { Pages } from '../shell/Pages';
import { SearchField } from '../shell/SearchField';
import { Empty, Loaded } from '../shell/states';
import { When } from '../shell/When';
import { type Job, jobStatuses, jobStatusIn } from './job';
import { JobBadges } from './JobBadges';
import { NewJob } from './NewJob';

const route = getRouteApi('/console/jobs');
const anyStatus = [{ value: '', label: 'Any status' }, ...jobStatuses];

export function JobsPage(): ReactNode {
  const { search = '', status, page: at = 1 } = route.useSearch();
  const navigate = route.useNavigate();
  const mayCreate = ['standard', 'admin'].includes(useMe().access_level);
  const jobs = useQuery({
    queryKey: ['jobs', search, status, at],
    queryFn: ({ signal }) => {
      const filters = { search: search ? [search] : undefined, status: status && [status] };
      return page(api.GET('/ats/v0/jobs', { params: { query: { ...filters, page: at, per_page: perPage } }, signal }));
    },
    placeholderData: keepPreviousData,
  });
  const filtered = search !== '' || status !== undefined;
  return (
    <Page title="Jobs" actions={mayCreate && <NewJob />}>
      <Group mb="md" gap="sm" role="search">
        <SearchField
          label="Search jobs"
          value={search}
          onSearch={(text) => void navigate({ search: { search: text || undefined, status }, replace: true })}
        />
        <NativeSelect
          aria-label="Status"
          data={anyStatus}
          value={status ?? ''}
          onChange={({ currentTarget }) =>
            void navigate({
              search: { search: search || undefined, status: jobStatusIn(currentTarget.value) },
              replace: true,
            })
          }
        />
      </Group>
      <Loaded query={jobs} what="Loading the jobs">
        {(list) => (
          <>
            {list.total === 0 ? <NoJobs filtered={filtered} mayCreate={mayCreate} /> : <JobTable jobs={list.items} />}
            <Pages list={list} page={at} onPage={(to) => void navigate({ search: (old) => ({ ...old, page: to }) })} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function NoJobs({ filtered, mayCreate }: { filtered: boolean; mayCreate: boolean }): ReactNode {
  if (filtered) return <Empty title="No matches">Try another name or status.</Empty>;
  if (mayCreate) return <Empty title="No jobs yet">Create the first one with New job.</Empty>;
  return <Empty title="No jobs yet">Ask a job manager or an admin to add you to a job.</Empty>;
}

function JobTable({ jobs }: { jobs: Job[] }): ReactNode {
  return (
    <Table verticalSpacing="sm" highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Job</Table.Th>
          <Table.Th visibleFrom="sm">Requisition</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th visibleFrom="sm">Created</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {jobs.map((job) => (
          <Table.Tr key={job.id}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <AppLink to="/jobs/$jobId/plan" params={{ jobId: job.id }} fw={600}>
                {job.name}
              </AppLink>
            </Table.Td>
            <Table.Td visibleFrom="sm">{job.requisition_id}</Table.Td>
            <Table.Td>
              <JobBadges job={job} />
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <When at={job.created_at} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
