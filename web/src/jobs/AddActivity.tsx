import { Box, Button, Menu, VisuallyHidden } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answer, api, type Schemas } from '../api/client';
import { useAct } from '../shell/useAct';
import { NameForm } from './NameForm';
import { PackageSelect } from './PackageSelect';
import { activityTypesQuery, type Item, planKeys, type Stage } from './plan';
import { useOpening } from './useOpening';

/** What kind of activity, then what it needs: a name, or a package. Choosing the package adds it. */
export function AddActivity({ stage }: { stage: Stage }): ReactNode {
  const { id, job_id } = stage;
  const types = useQuery(activityTypesQuery);
  const { shown, open, close, button } = useOpening<Item['type']>();
  const [said, say] = useState('');
  const add = useAct(
    (body: Schemas['NewItemBody']) =>
      answer(api.POST('/ats/v0/job_stages/{id}/items', { params: { path: { id } }, body })),
    {
      errorShown: true,
      refresh: [...planKeys(job_id), activityTypesQuery.queryKey],
      onDone: () => {
        say('Activity added.');
        close();
      },
    },
  );
  const choose = (type: Item['type']): void => {
    add.reset();
    say('');
    open(type);
  };
  const cancel = (): void => {
    add.reset();
    close();
  };
  return (
    <Box>
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
            <Menu.Item key={type} onClick={() => choose(type)}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
      {shown && (
        <Box mt="sm">
          {shown === 'interview' ? (
            <NameForm
              label="Interview name"
              verb="Add interview"
              act={{ ...add, run: (name) => add.run({ type: 'interview', name }) }}
              onCancel={cancel}
            />
          ) : (
            <PackageSelect
              chosen={null}
              act={{ ...add, run: (package_id) => add.run({ type: shown, package_id }) }}
              onCancel={cancel}
            />
          )}
        </Box>
      )}
    </Box>
  );
}
