import { Card, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AppLink } from '../shell/links';
import { Page } from '../shell/Page';
import { Loaded } from '../shell/states';
import { applicationQuery, checkQuery } from './check';
import { CheckActions } from './CheckActions';
import { CheckFacts } from './CheckFacts';
import { CheckHistory } from './CheckHistory';
import type { Check } from './words';

const route = getRouteApi('/console/background_checks/$checkId');

/** One check on a page of its own, with a URL to share. */
export function CheckPage(): ReactNode {
  const { checkId } = route.useParams();
  const check = useQuery(checkQuery(checkId));
  return (
    <Page title="Background check" above={<AppLink to="/background_checks">Background checks</AppLink>}>
      <Loaded query={check} what="Loading the background check">
        {(shown) => <Details check={shown} />}
      </Loaded>
    </Page>
  );
}

function Details({ check }: { check: Check }): ReactNode {
  return (
    <Stack>
      <Subject check={check} />
      <Card withBorder>
        <Stack>
          <CheckFacts check={check} />
          <CheckActions check={check} />
        </Stack>
      </Card>
      <Title order={2} size="h4">
        History
      </Title>
      <CheckHistory check={check} />
    </Stack>
  );
}

function Subject({ check }: { check: Check }): ReactNode {
  const { data: application } = useQuery(applicationQuery(check.application_id));
  if (!application) return null;
  const { id, candidate, candidate_id: candidateId, job } = application;
  return (
    <div>
      <AppLink to="/candidates/$candidateId" params={{ candidateId }} search={{ application: id }}>
        {candidate.first_name} {candidate.last_name}
      </AppLink>
      {' for '}
      <AppLink to="/jobs/$jobId/pipeline" params={{ jobId: job.id }}>
        {job.name}
      </AppLink>
    </div>
  );
}
