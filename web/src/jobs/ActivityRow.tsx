import { Box, Button, Group, Text } from '@mantine/core';
import { IconCalendarEvent, IconShieldCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { answer, api, type Schemas } from '../api/client';
import { Pill } from '../shell/StatusBadge';
import { useAct } from '../shell/useAct';
import { NameForm } from './NameForm';
import { PackageSelect } from './PackageSelect';
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

/** An activity of a stage; a background check with its package. */
export function ActivityRow({ item, jobId, mayEdit, onRemoved }: ActivityRowProps): ReactNode {
  const { id, display_name, package: chosen } = item;
  const { shown, open, close, button } = useOpening();
  const change = useAct(
    (body: Schemas['ItemChangeBody']) =>
      answer(api.PATCH('/ats/v0/job_stage_items/{id}', { params: { path: { id } }, body })),
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
          <Mark type={item.type} />
          <div>
            <Text fw={500} style={{ overflowWrap: 'anywhere' }}>
              {display_name}
            </Text>
            {chosen && <PackageLine chosen={chosen} mayEdit={mayEdit} />}
          </div>
        </Group>
        {mayEdit && (
          <Group gap="xs">
            <Button
              ref={button}
              variant="default"
              size="compact-sm"
              aria-expanded={shown ?? false}
              aria-label={chosen ? undefined : `Rename ${display_name}`}
              onClick={() => (shown ? cancel() : open(true))}
            >
              {chosen ? 'Change package' : 'Rename'}
            </Button>
            <RemoveActivity item={item} jobId={jobId} onRemoved={onRemoved} />
          </Group>
        )}
      </Group>
      {shown && (
        <Box mt="sm">
          {chosen ? (
            <PackageSelect
              chosen={chosen.id}
              act={{ ...change, run: (package_id) => change.run({ package_id }) }}
              onCancel={cancel}
            />
          ) : (
            <NameForm
              label="Interview name"
              name={display_name}
              verb="Rename"
              act={{ ...change, run: (name) => change.run({ name }) }}
              onCancel={cancel}
            />
          )}
        </Box>
      )}
    </Box>
  );
}

function Mark({ type }: { type: Item['type'] }): ReactNode {
  const Icon = type === 'interview' ? IconCalendarEvent : IconShieldCheck;
  return <Icon aria-hidden size={20} style={{ flexShrink: 0, marginTop: 2 }} />;
}

function PackageLine({ chosen, mayEdit }: { chosen: NonNullable<Item['package']>; mayEdit: boolean }): ReactNode {
  return (
    <>
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          Package: {chosen.name}
        </Text>
        {!chosen.available && <Pill tone="bad">Unavailable</Pill>}
      </Group>
      {!chosen.available && (
        <Text size="sm">
          Certn no longer offers this package.{' '}
          {mayEdit ? 'Choose another one here, or when sending a check.' : 'Choose another one when sending a check.'}
        </Text>
      )}
    </>
  );
}
