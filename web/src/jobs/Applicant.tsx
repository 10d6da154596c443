import { Box, Button, Group, Menu, Text } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { answer, api, type Schemas } from '../api/client';
import { ApiError } from '../api/errors';
import { tagged, unlessChanged } from '../api/tags';
import { AppLink } from '../shell/links';
import { ResultBadge, SandboxBadge, StatusBadge } from '../shell/StatusBadge';
import { useAct } from '../shell/useAct';
import type { Application } from './pipeline';
import { planKeys, type Stage } from './plan';
import classes from './Plan.module.css';

interface ApplicantProps {
  application: Application;
  /** Null: no check. Absent: not loaded yet. */
  check: Schemas['CheckResponse'] | null | undefined;
  /** The stages to move to; none for users who may not move the application. */
  stages: Stage[];
  onMoved: () => void;
}

/** An applicant: the link to the Application tab, the newest check, and the move menu. */
export function Applicant({ application, check, stages, onMoved }: ApplicantProps): ReactNode {
  const { id, candidate, current_stage: current } = application;
  const name = `${candidate.first_name} ${candidate.last_name}`;
  const others = stages.filter((stage) => stage.id !== current?.id);
  return (
    <Box component="li" className={classes.item}>
      <Group justify="space-between" gap="xs">
        <Group gap="sm">
          <AppLink
            to="/candidates/$candidateId"
            params={{ candidateId: candidate.id }}
            search={{ application: id }}
            style={{ overflowWrap: 'anywhere' }}
          >
            {name}
          </AppLink>
          <NewestCheck check={check} />
        </Group>
        {others.length > 0 && <MoveMenu application={application} name={name} stages={others} onMoved={onMoved} />}
      </Group>
    </Box>
  );
}

function NewestCheck({ check }: Pick<ApplicantProps, 'check'>): ReactNode {
  if (check === undefined) return null;
  if (check === null) {
    return (
      <Text size="sm" c="dimmed">
        No background check
      </Text>
    );
  }
  return (
    <Group gap={6}>
      <StatusBadge check={check} />
      <ResultBadge check={check} />
      <SandboxBadge environment={check.vendor.environment} />
    </Group>
  );
}

interface MoveMenuProps {
  application: Application;
  name: string;
  stages: Stage[];
  onMoved: () => void;
}

/** Moves the applicant from the stage that the screen shows, and from no other. */
async function moveFrom({ id, current_stage: shown }: Application, stage_id: string): Promise<Application> {
  const path = { id };
  const present = await tagged(api.GET('/ats/v0/applications/{id}', { params: { path } }));
  if (present.current_stage?.id !== shown?.id) {
    const place = present.current_stage ? `is in ${present.current_stage.name} now` : 'is in no stage now';
    const message = `Someone moved this applicant, who ${place}.`;
    throw new ApiError({ status: 412, reason: 'changed_meanwhile', message });
  }
  const params = { path, header: unlessChanged(present) };
  return answer(api.PATCH('/ats/v0/applications/{id}', { params, body: { stage_id } }));
}

function MoveMenu({ application, name, stages, onMoved }: MoveMenuProps): ReactNode {
  const { job_id } = application;
  const move = useAct((stage_id: string) => moveFrom(application, stage_id), {
    done: `${name} was moved`,
    refresh: [['applications', job_id], ...planKeys(job_id)],
    onDone: onMoved,
  });
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <Button
          variant="default"
          size="compact-sm"
          loading={move.running}
          rightSection={<IconChevronDown aria-hidden size={14} />}
          aria-label={`Move ${name} to another stage`}
        >
          Move
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
        {stages.map((stage) => (
          <Menu.Item key={stage.id} onClick={() => move.run(stage.id)}>
            {stage.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
