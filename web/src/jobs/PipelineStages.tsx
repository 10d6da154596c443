import { Box, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId, useRef } from 'react';
import { asApiError } from '../api/errors';
import { ErrorAlert } from '../shell/ErrorAlert';
import { Applicant } from './Applicant';
import { type Application, newestChecksQuery } from './pipeline';
import type { Stage } from './plan';
import classes from './Plan.module.css';

interface PipelineStagesProps {
  /** The shown stages, in order. */
  stages: Stage[];
  applications: Application[];
  /** Whether to show stages without applications. */
  emptyToo: boolean;
  /** Whether to show counts: a stage knows only its number of active applications. */
  counted: boolean;
  mayMove: boolean;
  allStages: Stage[];
}

/** The applications of this page by stage, each with its newest check. */
export function PipelineStages(props: PipelineStagesProps): ReactNode {
  const { stages, applications, emptyToo, counted, mayMove, allStages } = props;
  const region = useRef<HTMLDivElement>(null);
  const checks = useQuery(newestChecksQuery(applications));
  const row = (application: Application): ReactNode => (
    <Applicant
      key={application.id}
      application={application}
      check={checks.data ? (checks.data.get(application.id) ?? null) : undefined}
      stages={mayMove ? allStages : []}
      onMoved={() => region.current?.focus()}
    />
  );
  const known = new Set(stages.map(({ id }) => id));
  const elsewhere = applications.filter(({ current_stage: stage }) => stage === null || !known.has(stage.id));
  return (
    <Stack gap="lg" ref={region} tabIndex={-1} style={{ outline: 'none' }}>
      <ErrorAlert
        error={checks.isError ? asApiError(checks.error) : null}
        title="Background checks could not be loaded"
      />
      {stages.map((stage) => {
        const here = applications.filter(({ current_stage: current }) => current?.id === stage.id);
        if (here.length === 0 && !emptyToo) return null;
        return (
          <PipelineStage key={stage.id} name={stage.name} count={counted ? stage.application_count : null}>
            {here.length === 0 ? null : here.map(row)}
          </PipelineStage>
        );
      })}
      {elsewhere.length > 0 && (
        <PipelineStage name="No stage" count={null}>
          {elsewhere.map(row)}
        </PipelineStage>
      )}
    </Stack>
  );
}

interface PipelineStageProps {
  name: string;
  count: number | null;
  children: ReactNode;
}

function PipelineStage({ name, count, children }: PipelineStageProps): ReactNode {
  const titleId = useId();
  return (
    <Box>
      <Group gap="xs" mb="xs">
        <Title order={2} size="h5" id={titleId} style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Title>
        {count !== null && (
          <Text size="sm" c="dimmed">
            {count.toLocaleString()}
          </Text>
        )}
      </Group>
      {children === null ? (
        <Text size="sm" c="dimmed">
          {count === 0 ? 'No candidates' : 'Candidates in this stage are on other pages.'}
        </Text>
      ) : (
        <Box component="ul" aria-labelledby={titleId} p={0} m={0} className={classes.items}>
          {children}
        </Box>
      )}
    </Box>
  );
}
