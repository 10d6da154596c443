import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty, Loaded } from '../shell/states';
import { useJob } from './job';
import { NewStage } from './NewStage';
import { NotOffered } from './NotOffered';
import { stagesQuery } from './plan';
import { StageList } from './StageList';

const route = getRouteApi('/console/jobs/$jobId/plan');

/** The job's stages in order, with their activities. Read-only without the right to edit. */
export function InterviewPlan(): ReactNode {
  const { jobId } = route.useParams();
  const mayEdit = useJob(jobId).capabilities.includes('edit_interview_plan');
  const stages = useQuery(stagesQuery(jobId));
  return (
    <Stack>
      {mayEdit ? <NotOffered /> : <ReadOnly />}
      <Loaded query={stages} what="Loading the interview plan">
        {(plan) => (
          <>
            {plan.length === 0 && <NoStages mayEdit={mayEdit} />}
            <StageList jobId={jobId} stages={plan} mayEdit={mayEdit} />
            {mayEdit && <NewStage jobId={jobId} />}
          </>
        )}
      </Loaded>
    </Stack>
  );
}

function ReadOnly(): ReactNode {
  return (
    <Text size="sm" c="dimmed" role="note">
      View only. Ask a job manager or an admin for edit access.
    </Text>
  );
}

function NoStages({ mayEdit }: { mayEdit: boolean }): ReactNode {
  return (
    <Empty title="No stages yet">
      {mayEdit
        ? 'Add the first one, such as an interview or a background check.'
        : 'No stages have been added to this job.'}
    </Empty>
  );
}
