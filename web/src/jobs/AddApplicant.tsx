import { Box, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answer, api, page, type Schemas } from '../api/client';
import { AppLink } from '../shell/links';
import { ErrorAlert } from '../shell/ErrorAlert';
import { SearchField } from '../shell/SearchField';
import { Empty, Loaded } from '../shell/states';
import { useAct } from '../shell/useAct';
import { planKeys } from './plan';
import classes from './Plan.module.css';

type Candidate = Schemas['CandidateResponse'];

/** A short list: users narrow the search by typing. */
const shownAtOnce = 8;

/** Adds a candidate to the job, in its first stage. */
export function AddApplicant({ jobId }: { jobId: string }): ReactNode {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" leftSection={<IconPlus aria-hidden size={16} />} onClick={open}>
        Add candidate
      </Button>
      <Modal opened={opened} onClose={close} title="Add a candidate to this job">
        <CandidateSearch jobId={jobId} onDone={close} />
      </Modal>
    </>
  );
}

function CandidateSearch({ jobId, onDone }: { jobId: string; onDone: () => void }): ReactNode {
  const [search, setSearch] = useState('');
  const [added, setAdded] = useState<string | null>(null);
  const candidates = useQuery({
    queryKey: ['candidates', 'to_add', search],
    queryFn: ({ signal }) => {
      const query = { search: search ? [search] : undefined, per_page: shownAtOnce };
      return page(api.GET('/ats/v0/candidates', { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
  });
  const add = useAct(
    (candidate_id: string) => answer(api.POST('/ats/v0/applications', { body: { candidate_id, job_id: jobId } })),
    {
      errorShown: true,
      done: 'Candidate added',
      refresh: [['applications'], ['candidates'], ...planKeys(jobId)],
      onDone,
    },
  );
  const existing = add.error?.errors.json?.application_id?.[0];
  return (
    <Stack gap="sm">
      <SearchField label="Search candidates" value={search} onSearch={setSearch} first />
      <ErrorAlert error={add.error} />
      {existing !== undefined && added !== null && (
        <AppLink to="/candidates/$candidateId" params={{ candidateId: added }} search={{ application: existing }}>
          Open application
        </AppLink>
      )}
      <Loaded query={candidates} what="Loading the candidates">
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No matches">Add new candidates on the Candidates page.</Empty>
          ) : (
            <Box component="ul" aria-label="Candidates" p={0} m={0} className={classes.items}>
              {items.map((candidate) => (
                <Choice
                  key={candidate.id}
                  candidate={candidate}
                  busy={add.running}
                  onAdd={() => {
                    setAdded(candidate.id);
                    add.run(candidate.id);
                  }}
                />
              ))}
            </Box>
          )
        }
      </Loaded>
    </Stack>
  );
}

interface ChoiceProps {
  candidate: Candidate;
  busy: boolean;
  onAdd: () => void;
}

function Choice({ candidate, busy, onAdd }: ChoiceProps): ReactNode {
  const name = `${candidate.first_name} ${candidate.last_name}`;
  return (
    <Box component="li" className={classes.item}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Box miw={0} style={{ overflowWrap: 'anywhere' }}>
          <Text size="sm" fw={600}>
            {name}
          </Text>
          <Text size="xs" c="dimmed">
            {candidate.email_addresses[0]?.value ?? 'No email'}
          </Text>
        </Box>
        <Button size="compact-sm" variant="default" loading={busy} aria-label={`Add ${name}`} onClick={onAdd}>
          Add
        </Button>
      </Group>
    </Box>
  );
}
