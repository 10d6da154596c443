import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AppLink } from '../shell/links';
import { Page } from '../shell/Page';
import { Loaded } from '../shell/states';
import { jobQuery } from './job';
import { JobBadges } from './JobBadges';

const route = getRouteApi('/console/jobs/$jobId');

/** A job and its two tabs. The URL names the open one. */
export function JobPage(): ReactNode {
  const { jobId } = route.useParams();
  const navigate = route.useNavigate();
  const tab = useLocation({ select: ({ pathname }) => (pathname.endsWith('/pipeline') ? 'pipeline' : 'plan') });
  const job = useQuery(jobQuery(jobId));
  const show = (chosen: string | null): void => {
    void navigate({ to: chosen === 'pipeline' ? '/jobs/$jobId/pipeline' : '/jobs/$jobId/plan', params: { jobId } });
  };
  return (
    <Page
      title={job.data?.name ?? 'Job'}
      above={<AppLink to="/jobs">Jobs</AppLink>}
      actions={job.data && <JobBadges job={job.data} />}
    >
      <Loaded query={job} what="Loading the job">
        {() => (
          <Tabs value={tab} onChange={show} keepMounted={false}>
            <Tabs.List mb="lg" aria-label="Job">
              <Tabs.Tab value="plan">Interview plan</Tabs.Tab>
              <Tabs.Tab value="pipeline">Talent pipeline</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value={tab}>
              <Outlet />
            </Tabs.Panel>
            <Tabs.Panel value={tab === 'plan' ? 'pipeline' : 'plan'}>{null}</Tabs.Panel>
          </Tabs>
        )}
      </Loaded>
    </Page>
  );
}
