import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, api } from '../api/client';
import { Confirm } from '../shell/Confirm';
import { useAct } from '../shell/useAct';
import { planKeys, type Stage, stagesQuery } from './plan';

/** Deletes a stage without candidates. The service refuses for other stages. */
export function RemoveStage({ stage, onRemoved }: { stage: Stage; onRemoved: () => void }): ReactNode {
  const { id, name, job_id } = stage;
  const client = useQueryClient();
  const [asking, { open, close }] = useDisclosure();
  const remove = useAct(() => answer(api.DELETE('/ats/v0/job_stages/{id}', { params: { path: { id } } })), {
    errorShown: true,
    done: `${name} was deleted`,
    refresh: planKeys(job_id),
    onDone: () => {
      close();
      client.setQueryData(stagesQuery(job_id).queryKey, (stages) => stages?.filter((one) => one.id !== id));
      onRemoved();
    },
  });
  return (
    <>
      <Tooltip label={`Delete ${name}`}>
        <ActionIcon variant="default" aria-label={`Delete ${name}`} onClick={open}>
          <IconTrash aria-hidden size={16} />
        </ActionIcon>
      </Tooltip>
      <Confirm opened={asking} onClose={close} title={`Delete ${name}?`} verb="Delete stage" act={remove}>
        <Text size="sm">
          Its activities are deleted too. Checks already sent continue and stay visible on the candidate.
        </Text>
      </Confirm>
    </>
  );
}
