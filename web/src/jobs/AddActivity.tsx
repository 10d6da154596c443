import { Box, Button, Menu, VisuallyHidden } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, type Ref, useState } from 'react';
import { activities, activityOf } from '../activities';
import type { NewItem, OfferedActivity } from '../activities/activity';
import { answer, api } from '../api/client';
import { useAct } from '../shell/useAct';
import { activityTypesQuery, planKeys, type Stage } from './plan';
import { useOpening } from './useOpening';

/** Chooses the kind of activity. The form of that kind then adds it. */
export function AddActivity({ stage }: { stage: Stage }): ReactNode {
  const { id, job_id } = stage;
  const { shown, open, close, button } = useOpening<OfferedActivity>();
  const [said, say] = useState('');
  const add = useAct(
    (body: NewItem) => answer(api.POST('/ats/v0/job_stages/{id}/items', { params: { path: { id } }, body })),
    {
      errorShown: true,
      refresh: [...planKeys(job_id), activityTypesQuery.queryKey],
      onDone: () => {
        say('Activity added');
        close();
      },
    },
  );
  const Add = shown && activities[shown.type].Add;
  const choose = (kind: OfferedActivity): void => {
    add.reset();
    say('');
    open(kind);
  };
  const cancel = (): void => {
    add.reset();
    close();
  };
  return (
    <Box>
      <KindMenu button={button} onChoose={choose} />
      <VisuallyHidden role="status">{said}</VisuallyHidden>
      {shown && Add && (
        <Box mt="sm">
          <Add kind={shown} add={add} onCancel={cancel} />
        </Box>
      )}
    </Box>
  );
}

interface KindMenuProps {
  button: Ref<HTMLButtonElement>;
  onChoose: (kind: OfferedActivity) => void;
}

/** The activities that the service offers and that this console knows: background checks once for each vendor. */
function KindMenu({ button, onChoose }: KindMenuProps): ReactNode {
  const types = useQuery(activityTypesQuery);
  const known = types.data?.filter(({ type }) => activityOf(type)) ?? [];
  return (
    <Menu position="bottom-start" withinPortal={false} returnFocus={false}>
      <Menu.Target>
        <Button
          ref={button}
          variant="default"
          size="compact-sm"
          disabled={!types.data}
          rightSection={<IconChevronDown aria-hidden size={16} />}
        >
          Add activity
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {known.map((kind) => (
          <Menu.Item key={`${kind.type} ${kind.vendor}`} onClick={() => onChoose(kind)}>
            {kind.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
