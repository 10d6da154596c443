import { Card, Divider, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fragment, type ReactNode, useId } from 'react';
import { activityOf } from '../activities';
import { PlainActivity } from '../activities/PlainActivity';
import { answer, api, type Schemas } from '../api/client';
import { keys } from '../api/live-queries';
import type { Recipient } from '../checks/SendCheckForm';
import { applicationWords } from '../jobs/job';
import { AppLink } from '../shell/links';
import { Empty, Loaded } from '../shell/states';
import { Pill } from '../shell/StatusBadge';
import { type Application, type Candidate, fullName, mainAddress } from './candidate';

type PlanStage = Schemas['PlanStageResponse'];

interface ApplicationTabProps {
  candidate: Candidate;
  application: Application;
}

/** One application: every stage of the job's plan. */
export function ApplicationTab({ candidate, application }: ApplicationTabProps): ReactNode {
  const { id, job, status } = application;
  const plan = useQuery({
    queryKey: keys.plan(id),
    queryFn: ({ signal }) =>
      answer(api.GET('/ats/v0/applications/{id}/interview_plan', { params: { path: { id } }, signal })),
  });
  const recipient: Recipient = {
    applicationId: id,
    name: fullName(candidate),
    job: job.name,
    address: mainAddress(candidate),
  };
  return (
    <Stack>
      <Group gap="xs">
        <AppLink to="/jobs/$jobId/pipeline" params={{ jobId: job.id }}>
          {job.name}
        </AppLink>
        <Pill tone={status === 'active' ? 'good' : 'neutral'}>{applicationWords[status]}</Pill>
      </Group>
      <Loaded query={plan} what="Loading the interview plan">
        {(stages) =>
          stages.length === 0 ? (
            <Empty title="The interview plan has no stages">Add stages on the job&apos;s Interview plan tab.</Empty>
          ) : (
            stages.map((stage) => <Stage key={stage.id} stage={stage} recipient={recipient} />)
          )
        }
      </Loaded>
    </Stack>
  );
}

function Stage({ stage, recipient }: { stage: PlanStage; recipient: Recipient }): ReactNode {
  const heading = useId();
  return (
    <Card withBorder component="section" aria-labelledby={heading}>
      <Stack gap="md">
        <Group gap="xs">
          <Title order={2} size="h4" id={heading}>
            {stage.name}
          </Title>
          {stage.is_current && <Pill tone="moving">Current stage</Pill>}
          {stage.deleted_at !== null && <Pill tone="neutral">Removed from the plan</Pill>}
        </Group>
        {stage.items.length === 0 && (
          <Text size="sm" c="dimmed">
            No activities
          </Text>
        )}
        {stage.items.map((item, index) => (
          <Fragment key={item.id}>
            {index > 0 && <Divider />}
            <Activity item={item} recipient={recipient} />
          </Fragment>
        ))}
      </Stack>
    </Card>
  );
}

/** As its kind draws it. One that this console does not know is shown by its name. */
function Activity({ item, recipient }: { item: PlanStage['items'][number]; recipient: Recipient }): ReactNode {
  const Placed = activityOf(item.type)?.Placed ?? PlainActivity;
  return <Placed item={item} recipient={recipient} />;
}
