import { ActionIcon, Modal, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPencil } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { answer, api } from '../api/client';
import { unlessChanged } from '../api/tags';
import { Opened } from '../shell/Opened';
import { useAct } from '../shell/useAct';
import { NameForm } from './NameForm';
import { planKeys, type Stage } from './plan';

/** Renames a stage. Its candidates stay in it. */
export function RenameStage({ stage: { id, name } }: { stage: Stage }): ReactNode {
  const [opened, { open, close }] = useDisclosure();
  const read = () => api.GET('/ats/v0/job_stages/{id}', { params: { path: { id } } });
  return (
    <>
      <Tooltip label={`Rename ${name}`}>
        <ActionIcon variant="default" aria-label={`Rename ${name}`} onClick={open}>
          <IconPencil aria-hidden size={16} />
        </ActionIcon>
      </Tooltip>
      <Modal opened={opened} onClose={close} title="Rename stage">
        <Opened read={read} what="Loading the stage">
          {(stage) => <RenameForm stage={stage} onClose={close} />}
        </Opened>
      </Modal>
    </>
  );
}

function RenameForm({ stage, onClose }: { stage: Stage; onClose: () => void }): ReactNode {
  const { id, job_id, name } = stage;
  const params = { path: { id }, header: unlessChanged(stage) };
  const rename = useAct(
    (given: string) => answer(api.PATCH('/ats/v0/job_stages/{id}', { params, body: { name: given } })),
    {
      errorShown: true,
      refresh: planKeys(job_id),
      onDone: onClose,
    },
  );
  return <NameForm label="Stage name" name={name} verb="Rename" act={rename} onCancel={onClose} />;
}
