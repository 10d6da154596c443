import { Group, Stack, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { candidateQuery } from '../checks/check';
import { CandidatePrivacy } from '../privacy/CandidatePrivacy';
import { useIsAdmin } from '../session/me';
import { AppLink } from '../shell/links';
import { Page } from '../shell/Page';
import { Empty, Loaded } from '../shell/states';
import { Pill } from '../shell/StatusBadge';
import { ApplicationTab } from './ApplicationTab';
import { type Application, applicationsQuery, type Candidate, fullName } from './candidate';

const route = getRouteApi('/console/candidates/$candidateId');

export function CandidatePage(): ReactNode {
  const { candidateId } = route.useParams();
  const candidate = useQuery(candidateQuery(candidateId));
  const applications = useQuery(applicationsQuery(candidateId));
  const isAdmin = useIsAdmin();
  return (
    <Page
      title={candidate.data ? fullName(candidate.data) : 'Candidate'}
      above={<AppLink to="/candidates">Candidates</AppLink>}
    >
      <Loaded query={candidate} what="Loading the candidate">
        {(person) => (
          <Stack gap="lg">
            <Contact candidate={person} />
            <Loaded query={applications} what="Loading the applications">
              {({ items }) => <Applications candidate={person} applications={items} />}
            </Loaded>
            {isAdmin && <CandidatePrivacy candidate={person} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Contact({ candidate }: { candidate: Candidate }): ReactNode {
  const { email_addresses, phone_numbers, anonymised_at, legal_hold } = candidate;
  if (anonymised_at !== null) return <Text c="dimmed">This candidate&apos;s data was removed.</Text>;
  const contacts = [...email_addresses, ...phone_numbers].map(({ value }) => value);
  return (
    <Group gap="sm">
      <Text c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {contacts.length === 0 ? 'No email address or phone number' : contacts.join(' · ')}
      </Text>
      {legal_hold && <Pill tone="waiting">Legal hold</Pill>}
    </Group>
  );
}

interface ApplicationsProps {
  candidate: Candidate;
  applications: Application[];
}

/** A tab for each application. The URL names the open one, so that it can be shared. */
function Applications({ candidate, applications }: ApplicationsProps): ReactNode {
  const { application: asked } = route.useSearch();
  const navigate = route.useNavigate();
  const chosen =
    applications.find(({ id }) => id === asked) ??
    applications.find(({ status }) => status === 'active') ??
    applications[0];
  if (!chosen)
    return <Empty title="No applications">This candidate has no application for a job you have access to.</Empty>;
  const choose = (application: string | null): void => {
    void navigate({ search: { application: application ?? undefined }, replace: true });
  };
  return (
    <Tabs value={chosen.id} onChange={choose} keepMounted={false}>
      <Tabs.List mb="md">
        {applications.map(({ id, job }) => (
          <Tabs.Tab key={id} value={id}>
            {applications.length === 1 ? 'Application' : `Application: ${job.name}`}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {applications.map((application) => (
        <Tabs.Panel key={application.id} value={application.id}>
          <ApplicationTab candidate={candidate} application={application} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
