import { ActionIcon, Modal, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPencil } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { answer, api } from '../api/client';
import { useAct } from '../shell/useAct';
import { NameForm } from './NameForm';
import { planKeys, type Stage } from './plan';

/** Renames a stage. Its candidates stay in it. */
export function RenameStage({ stage: { id, job_id, name } }: { stage: Stage }): ReactNode {
  const [opened, { open, close }] = useDisclosure();
  const rename = useAct(
    (given: string) =>
      answer(api.PATCH('/ats/v0/job_stages/{id}', { params: { path: { id } }, body: { name: given } })),
    { errorShown: true, refresh: planKeys(job_id), onDone: close },
  );
  const cancel = (): void => {
    rename.reset();
    close();
  };
  return (
    <>
      <Tooltip label={`Rename ${name}`}>
        <ActionIcon variant="default" aria-label={`Rename ${name}`} onClick={open}>
          <IconPencil aria-hidden size={16} />
        </ActionIcon>
      </Tooltip>
      <Modal opened={opened} onClose={cancel} title="Rename stage">
        <NameForm label="Stage name" name={name} verb="Rename" act={rename} onCancel={cancel} />
      </Modal>
    </>
  );
}
