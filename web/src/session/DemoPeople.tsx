import { Alert, Avatar, Button, Group, Stack, Text } from '@mantine/core';
import { IconHourglass } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ErrorAlert } from '../shell/ErrorAlert';
import { Empty, Loaded } from '../shell/states';
import { useAct } from '../shell/useAct';
import { demoPeople, type DemoPerson, demoState, signInAs } from './people';

/** The sign-in of a local run: choose an invented user. The list appears once all of them are loaded. */
export function DemoPeople({ returnTo }: { returnTo: string }): ReactNode {
  const demo = useQuery({
    queryKey: ['demo-state'],
    queryFn: demoState,
    refetchInterval: ({ state }) => (state.data?.loading === true ? 1000 : false),
  });
  return (
    <Loaded query={demo} what="Loading the demo">
      {({ loading, step }) => (loading ? <DemoLoads step={step} /> : <People returnTo={returnTo} />)}
    </Loaded>
  );
}

function DemoLoads({ step }: { step: string | null }): ReactNode {
  return (
    <Alert role="status" title="Loading demo data" icon={<IconHourglass aria-hidden />}>
      The demo users appear here when loading is done.
      {step !== null && (
        <Text size="sm" mt={4}>
          Now: {step}
        </Text>
      )}
    </Alert>
  );
}

function People({ returnTo }: { returnTo: string }): ReactNode {
  const router = useRouter();
  const people = useQuery({ queryKey: ['demo-people'], queryFn: demoPeople });
  const signIn = useAct(signInAs, { errorShown: true, onDone: () => router.history.push(returnTo) });
  return (
    <Stack>
      <Text size="sm">This is a local run. Choose a demo user:</Text>
      <ErrorAlert error={signIn.error} />
      <Loaded query={people} what="Loading the demo users">
        {(users) =>
          users.length === 0 ? (
            <Empty title="No demo users">Start the service with npm start to load the demo.</Empty>
          ) : (
            byTeam(users).map(([team, members]) => (
              <Team key={team} name={team} members={members} busy={signIn.running} onChoose={signIn.run} />
            ))
          )
        }
      </Loaded>
    </Stack>
  );
}

function byTeam(people: DemoPerson[]): [string, DemoPerson[]][] {
  return [...Map.groupBy(people, (person) => person.team.name)];
}

interface TeamProps {
  name: string;
  members: DemoPerson[];
  busy: boolean;
  onChoose: (person: DemoPerson) => void;
}

function Team({ name, members, busy, onChoose }: TeamProps): ReactNode {
  return (
    <Stack gap="xs" role="group" aria-label={name}>
      <Text fw={600}>{name}</Text>
      {members.map((person) => (
        <Button
          key={person.id}
          variant="default"
          h="auto"
          py="xs"
          justify="flex-start"
          disabled={busy}
          onClick={() => onChoose(person)}
          leftSection={<Avatar name={person.name} size="sm" aria-hidden />}
        >
          <Group gap="xs">
            <span>{person.name}</span>
            <Text component="span" size="sm" c="dimmed" fw={400}>
              {person.access_level}
            </Text>
          </Group>
        </Button>
      ))}
    </Stack>
  );
}
