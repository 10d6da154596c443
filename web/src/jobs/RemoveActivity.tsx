import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { activityOf } from '../activities';
import { answer, api } from '../api/client';
import { Confirm } from '../shell/Confirm';
import { useAct } from '../shell/useAct';
import { type Item, planKeys, type Stage, stagesQuery } from './plan';

interface RemoveActivityProps {
  item: Item;
  jobId: string;
  /** Called when the activity, and the focus with it, is gone. */
  onRemoved: () => void;
}

/** Removes an activity from the plan. */
export function RemoveActivity({ item, jobId, onRemoved }: RemoveActivityProps): ReactNode {
  const client = useQueryClient();
  const { id, type, display_name } = item;
  const [asking, { open, close }] = useDisclosure();
  const remove = useAct(() => answer(api.DELETE('/ats/v0/job_stage_items/{id}', { params: { path: { id } } })), {
    errorShown: true,
    done: `${display_name} was removed`,
    refresh: planKeys(jobId),
    onDone: () => {
      close();
      client.setQueryData(stagesQuery(jobId).queryKey, (stages) => stages?.map((stage) => without(stage, id)));
      onRemoved();
    },
  });
  return (
    <>
      <Tooltip label={`Remove ${display_name}`}>
        <ActionIcon variant="default" aria-label={`Remove ${display_name}`} onClick={open}>
          <IconTrash aria-hidden size={16} />
        </ActionIcon>
      </Tooltip>
      <Confirm opened={asking} onClose={close} title={`Remove ${display_name}?`} verb="Remove" act={remove}>
        <Text size="sm">
          {activityOf(type)?.removal ?? 'It is removed from the plan of every candidate on this job.'}
        </Text>
      </Confirm>
    </>
  );
}

const without = (stage: Stage, itemId: string): Stage => ({
  ...stage,
  items: stage.items.filter(({ id }) => id !== itemId),
});
