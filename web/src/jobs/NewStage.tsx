import { Box, Button, VisuallyHidden } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { answer, api } from '../api/client';
import { useAct } from '../shell/useAct';
import { NameForm } from './NameForm';
import { planKeys } from './plan';
import { useOpening } from './useOpening';

/** Adds a stage at the end of the plan. */
export function NewStage({ jobId }: { jobId: string }): ReactNode {
  const { shown, open, close, button } = useOpening();
  const [said, say] = useState('');
  const add = useAct(
    (name: string) => answer(api.POST('/ats/v0/jobs/{id}/stages', { params: { path: { id: jobId } }, body: { name } })),
    {
      errorShown: true,
      refresh: planKeys(jobId),
      onDone: ({ priority }) => {
        say(`Stage ${priority} was added`);
        close();
      },
    },
  );
  const cancel = (): void => {
    add.reset();
    close();
  };
  return (
    <Box>
      <Button
        ref={button}
        variant="default"
        leftSection={<IconPlus aria-hidden size={16} />}
        aria-expanded={shown ?? false}
        onClick={() => (shown ? cancel() : open(true))}
        mb={shown ? 'sm' : 0}
      >
        Add new stage
      </Button>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
      {shown && <NameForm label="Stage name" verb="Add stage" act={add} onCancel={cancel} />}
    </Box>
  );
}
