import { Group, NativeSelect, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AppLink } from '../shell/links';
import { Pages } from '../shell/Pages';
import { Empty, Loaded } from '../shell/states';
import { AddApplicant } from './AddApplicant';
import { type ApplicationStatus, applicationStatuses, applicationStatusIn, useJob } from './job';
import { applicationsQuery } from './pipeline';
import { PipelineStages } from './PipelineStages';
import { type Stage, stagesQuery } from './plan';

const route = getRouteApi('/console/jobs/$jobId/pipeline');

/** The job's applications by stage. The filters are in the URL. */
export function TalentPipeline(): ReactNode {
  const { jobId } = route.useParams();
  const stages = useQuery(stagesQuery(jobId));
  return (
    <Loaded query={stages} what="Loading the talent pipeline">
      {(plan) => <Pipeline jobId={jobId} stages={plan} />}
    </Loaded>
  );
}

function Pipeline({ jobId, stages }: { jobId: string; stages: Stage[] }): ReactNode {
  const { stage: stageId, status = 'active', page: at = 1 } = route.useSearch();
  const navigate = route.useNavigate();
  const mayChange = useJob(jobId).capabilities.includes('edit_interview_plan');
  const applications = useQuery(applicationsQuery({ jobId, status, stageId, at }));
  return (
    <Stack>
      <Group justify="space-between" align="end">
        <Filters stages={stages} stageId={stageId} status={status} />
        {mayChange && <AddApplicant jobId={jobId} />}
      </Group>
      <Loaded query={applications} what="Loading the applications">
        {(list) => (
          <>
            {list.total === 0 && (stages.length === 0 || stageId !== undefined || status !== 'active') ? (
              <NoApplications jobId={jobId} filtered={stageId !== undefined || status !== 'active'} />
            ) : (
              <PipelineStages
                stages={stages.filter(({ id }) => stageId === undefined || id === stageId)}
                applications={list.items}
                emptyToo={status === 'active' && stageId === undefined}
                counted={status === 'active'}
                mayMove={mayChange && status === 'active'}
                allStages={stages}
              />
            )}
            <Pages list={list} page={at} onPage={(to) => void navigate({ search: (old) => ({ ...old, page: to }) })} />
          </>
        )}
      </Loaded>
    </Stack>
  );
}

interface FiltersProps {
  stages: Stage[];
  stageId: string | undefined;
  status: ApplicationStatus;
}

function Filters({ stages, stageId, status }: FiltersProps): ReactNode {
  const navigate = route.useNavigate();
  const counted = ({ id, name, application_count: count }: Stage) => ({
    value: id,
    label: status === 'active' ? `${name} (${count})` : name,
  });
  return (
    <Group gap="sm" align="end">
      <NativeSelect
        label="Stage"
        data={[{ value: '', label: 'All stages' }, ...stages.map(counted)]}
        value={stageId ?? ''}
        onChange={({ currentTarget: { value } }) =>
          void navigate({ search: ({ status: kept }) => ({ status: kept, stage: value || undefined }), replace: true })
        }
      />
      <NativeSelect
        label="Status"
        data={applicationStatuses}
        value={status}
        onChange={({ currentTarget: { value } }) =>
          void navigate({
            search: ({ stage }) => ({ stage, status: value === 'active' ? undefined : applicationStatusIn(value) }),
            replace: true,
          })
        }
      />
    </Group>
  );
}

function NoApplications({ jobId, filtered }: { jobId: string; filtered: boolean }): ReactNode {
  if (filtered) return <Empty title="No matches">Choose another stage or status.</Empty>;
  return (
    <Empty title="No candidates yet">
      This job has no stages yet.{' '}
      <AppLink to="/jobs/$jobId/plan" params={{ jobId }}>
        Open the interview plan
      </AppLink>
    </Empty>
  );
}
