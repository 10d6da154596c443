import { Box, Button, Menu, VisuallyHidden } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, type Ref, useState } from 'react';
import { answer, api, type Schemas } from '../api/client';
import { type Act, useAct } from '../shell/useAct';
import { NameForm } from './NameForm';
import { PackageSelect } from './PackageSelect';
import { activityTypesQuery, type Item, planKeys, type Stage } from './plan';
import { useOpening } from './useOpening';

type Kind = Item['type'];
type NewItem = Schemas['NewItemBody'];

/** Chooses the kind of activity, then a name or a package. Choosing the package adds the activity. */
export function AddActivity({ stage }: { stage: Stage }): ReactNode {
  const { id, job_id } = stage;
  const { shown, open, close, button } = useOpening<Kind>();
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
  const choose = (kind: Kind): void => {
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
      {shown && (
        <Box mt="sm">
          <NewActivity kind={shown} add={add} onCancel={cancel} />
        </Box>
      )}
    </Box>
  );
}

interface KindMenuProps {
  button: Ref<HTMLButtonElement>;
  onChoose: (kind: Kind) => void;
}

function KindMenu({ button, onChoose }: KindMenuProps): ReactNode {
  const types = useQuery(activityTypesQuery);
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
        {types.data?.map(({ type, label }) => (
          <Menu.Item key={type} onClick={() => onChoose(type)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface NewActivityProps {
  kind: Kind;
  add: Act<NewItem>;
  onCancel: () => void;
}

function NewActivity({ kind, add, onCancel }: NewActivityProps): ReactNode {
  if (kind === 'interview') {
    const act = { ...add, run: (name: string) => add.run({ type: kind, name }) };
    return <NameForm label="Interview name" verb="Add interview" act={act} onCancel={onCancel} />;
  }
  const act = { ...add, run: (package_id: string) => add.run({ type: kind, package_id }) };
  return <PackageSelect chosen={null} act={act} onCancel={onCancel} />;
}
