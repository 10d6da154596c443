import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AppLink } from '../shell/links';
import { Page } from '../shell/Page';
import { Pages } from '../shell/Pages';
import { Empty, Loaded } from '../shell/states';
import { CheckFilterBar } from './CheckFilterBar';
import { CheckTable } from './CheckTable';
import { checksQuery, type Wanted, waitingQuery } from './filters';
import { needsAttention } from './words';

const route = getRouteApi('/console/background_checks');

/** All checks that the user may see, across jobs. Those that need attention come first. */
export function ChecksPage(): ReactNode {
  const { page: at = 1, ...wanted } = route.useSearch();
  const navigate = route.useNavigate();
  const checks = useQuery(checksQuery(wanted, at));
  const isFiltered = Object.values(wanted).some((value) => value !== undefined);
  const showsWaiting = at === 1 && wanted.status === undefined;
  return (
    <Page title="Background checks">
      <Stack gap="lg">
        <CheckFilterBar wanted={wanted} onChange={(search) => void navigate({ search, replace: true })} />
        {showsWaiting && <Waiting wanted={wanted} />}
        <Loaded query={checks} what="Loading the background checks">
          {(list) =>
            list.items.length === 0 ? (
              <Empty title={isFiltered ? 'No matches' : 'No background checks yet'}>
                {isFiltered ? 'Clear a filter to see more.' : "Send one from a candidate's Application tab."}
              </Empty>
            ) : (
              <section aria-labelledby="all-checks">
                <Title order={2} size="h4" id="all-checks" mb="xs">
                  {isFiltered ? 'Matching checks' : 'All checks'}
                </Title>
                <CheckTable checks={list.items} label="Background checks" />
                <Pages
                  list={list}
                  page={at}
                  onPage={(page) => void navigate({ search: (old) => ({ ...old, page }) })}
                />
              </section>
            )
          }
        </Loaded>
      </Stack>
    </Page>
  );
}

const shownAtOnce = 10;

function Waiting({ wanted }: { wanted: Wanted }): ReactNode {
  const { data: waiting } = useQuery(waitingQuery(wanted));
  if (!waiting || waiting.checks.length === 0) return null;
  const { checks, more } = waiting;
  return (
    <section aria-labelledby="waiting-checks">
      <Title order={2} size="h4" id="waiting-checks" mb="xs">
        Needs attention
      </Title>
      <CheckTable checks={checks.slice(0, shownAtOnce)} label="Checks that need attention" />
      {(more || checks.length > shownAtOnce) && (
        <Text size="sm" mt="xs">
          <AppLink to="/background_checks" search={{ ...wanted, status: needsAttention }}>
            Show all
          </AppLink>
        </Text>
      )}
    </section>
  );
}
