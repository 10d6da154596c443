import { Box, Button, Group, Text } from '@mantine/core';
import { IconPuzzle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { activityOf } from '../activities';
import type { Activity, ItemChange } from '../activities/activity';
import { answer, api } from '../api/client';
import { unlessChanged } from '../api/tags';
import { Opened } from '../shell/Opened';
import { useAct } from '../shell/useAct';
import { type Item, planKeys } from './plan';
import classes from './Plan.module.css';
import { RemoveActivity } from './RemoveActivity';
import { useOpening } from './useOpening';

interface ActivityRowProps {
  item: Item;
  jobId: string;
  mayEdit: boolean;
  onRemoved: () => void;
}

/** An activity of a stage, as its kind draws it. One that this console does not know can only be removed. */
export function ActivityRow({ item, jobId, mayEdit, onRemoved }: ActivityRowProps): ReactNode {
  const { id, display_name } = item;
  const { Icon = IconPuzzle, Details, Change, verb }: Partial<Activity> = activityOf(item.type) ?? {};
  const { shown, open, close, button } = useOpening();
  const read = () => api.GET('/ats/v0/job_stage_items/{id}', { params: { path: { id } } });
  return (
    <Box component="li" className={classes.item}>
      <Group justify="space-between" gap="xs">
        <Group gap="sm" wrap="nowrap" align="start" miw={0}>
          <Icon aria-hidden size={20} style={{ flexShrink: 0, marginTop: 2 }} />
          <div>
            <Text fw={500} style={{ overflowWrap: 'anywhere' }}>
              {display_name}
            </Text>
            {Details && <Details item={item} mayEdit={mayEdit} />}
          </div>
        </Group>
        {mayEdit && (
          <Group gap="xs">
            {verb && (
              <Button
                ref={button}
                variant="default"
                size="compact-sm"
                aria-expanded={shown ?? false}
                aria-label={verb.named ? `${verb.text} ${display_name}` : undefined}
                onClick={() => (shown ? close() : open(true))}
                // While the form is loading, the focus is still here.
                onKeyDown={({ key }) => key === 'Escape' && shown && close()}
              >
                {verb.text}
              </Button>
            )}
            <RemoveActivity item={item} jobId={jobId} onRemoved={onRemoved} />
          </Group>
        )}
      </Group>
      {shown && Change && (
        <Box mt="sm">
          <Opened read={read} what="Loading the activity">
            {(opened) => <ChangeForm Change={Change} item={opened} jobId={jobId} onClose={close} />}
          </Opened>
        </Box>
      )}
    </Box>
  );
}

interface ChangeFormProps {
  Change: Activity['Change'];
  item: Item;
  jobId: string;
  onClose: () => void;
}

function ChangeForm({ Change, item, jobId, onClose }: ChangeFormProps): ReactNode {
  const params = { path: { id: item.id }, header: unlessChanged(item) };
  const change = useAct((body: ItemChange) => answer(api.PATCH('/ats/v0/job_stage_items/{id}', { params, body })), {
    errorShown: true,
    done: 'Saved',
    refresh: planKeys(jobId),
    onDone: onClose,
  });
  return <Change item={item} change={change} onCancel={onClose} />;
}
