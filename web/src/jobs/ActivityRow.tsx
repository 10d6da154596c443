import { Box, Button, Group, Text } from '@mantine/core';
import { IconPuzzle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { activityOf } from '../activities';
import type { Activity, ItemChange } from '../activities/activity';
import { answer, api } from '../api/client';
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
  const change = useAct(
    (body: ItemChange) => answer(api.PATCH('/ats/v0/job_stage_items/{id}', { params: { path: { id } }, body })),
    { errorShown: true, done: 'Saved', refresh: planKeys(jobId), onDone: close },
  );
  const cancel = (): void => {
    change.reset();
    close();
  };
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
                onClick={() => (shown ? cancel() : open(true))}
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
          <Change item={item} change={change} onCancel={cancel} />
        </Box>
      )}
    </Box>
  );
}
