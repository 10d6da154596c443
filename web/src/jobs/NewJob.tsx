import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { Loading } from '../shell/states';

const NewJobForm = lazy(() => import('./NewJobForm').then((module) => ({ default: module.NewJobForm })));

/** Creates a job without stages, then opens its interview plan. */
export function NewJob(): ReactNode {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button leftSection={<IconPlus aria-hidden size={16} />} onClick={open}>
        New job
      </Button>
      <Modal opened={opened} onClose={close} title="New job">
        <Suspense fallback={<Loading />}>
          <NewJobForm onCancel={close} />
        </Suspense>
      </Modal>
    </>
  );
}
