import { Checkbox, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, api } from '../../api/client';
import type { Recipient } from '../../checks/SendCheckForm';
import type { PlanItem } from '../../checks/words';
import { Loaded } from '../../shell/states';
import { useAct } from '../../shell/useAct';
import { When } from '../../shell/When';
import { cannotChangeWords, type Task, tasksQuery } from './tasks';

/** A task on an Application tab, with a box to tick it off. */
export function PlacedTask({ item, recipient }: { item: PlanItem; recipient: Recipient }): ReactNode {
  const { applicationId } = recipient;
  const tasks = useQuery(tasksQuery(applicationId));
  return (
    <Stack gap="xs">
      <Title order={3} size="h5" style={{ overflowWrap: 'anywhere' }}>
        {item.display_name}
      </Title>
      <Loaded query={tasks} what="Loading the tasks">
        {(list) => {
          const task = list.find(({ job_stage_item_id }) => job_stage_item_id === item.id);
          return task ? <State task={task} applicationId={applicationId} /> : null;
        }}
      </Loaded>
    </Stack>
  );
}

function State({ task, applicationId }: { task: Task; applicationId: string }): ReactNode {
  const { title, assignee, done, done_by, done_at, can_change, cannot_change_reason: reason } = task;
  const client = useQueryClient();
  const { queryKey } = tasksQuery(applicationId);
  const mark = useAct(
    (next: boolean) => {
      const path = { id: applicationId, job_stage_item_id: task.job_stage_item_id };
      return answer(
        api.PUT('/ats/v0/applications/{id}/tasks/{job_stage_item_id}', { params: { path }, body: { done: next } }),
      );
    },
    {
      refresh: [queryKey],
      onDone: (marked) =>
        client.setQueryData(queryKey, (list) => list?.map((one) => (isSame(one, marked) ? marked : one))),
    },
  );
  return (
    <>
      {assignee && (
        <Text size="sm" c="dimmed">
          Assigned to {assignee.name}
        </Text>
      )}
      {reason !== 'stage_not_reached' && (
        <Checkbox
          label="Done"
          aria-label={`Done: ${title}`}
          checked={done}
          disabled={!can_change}
          aria-busy={mark.running}
          onChange={(event) => mark.run(event.currentTarget.checked)}
        />
      )}
      {done_by && done_at !== null && (
        <Text size="sm" c="dimmed">
          Done by {done_by.name} <When at={done_at} />
        </Text>
      )}
      {reason !== null && (
        <Text size="sm" c="dimmed">
          {cannotChangeWords[reason]}
        </Text>
      )}
    </>
  );
}

const isSame = (one: Task, other: Task): boolean => one.job_stage_item_id === other.job_stage_item_id;
