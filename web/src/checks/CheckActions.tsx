import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { answer, api } from '../api/client';
import { ButtonLink } from '../shell/links';
import { CancelCheck } from './CancelCheck';
import { useCheckAct } from './check';
import { DecideCheck } from './DecideCheck';
import { ResendCheck } from './ResendCheck';
import type { Check } from './words';

type Action = Check['available_actions'][number];

/** The actions that the service allows this person on this check now. */
export function CheckActions({ check }: { check: Check }): ReactNode {
  const may = (action: Action): boolean => check.available_actions.includes(action);
  if (check.available_actions.length === 0) return null;
  return (
    <Group gap="xs">
      {may('decide') && <DecideCheck check={check} />}
      {may('open_results') && (
        <ButtonLink size="compact-sm" to="/background_checks/$checkId/results" params={{ checkId: check.id }}>
          Open results
        </ButtonLink>
      )}
      {may('resend') && <ResendCheck check={check} />}
      {may('refresh') && <RefreshCheck check={check} />}
      {may('cancel') && <CancelCheck check={check} />}
    </Group>
  );
}

function RefreshCheck({ check }: { check: Check }): ReactNode {
  const { id } = check;
  const refresh = useCheckAct(
    check,
    () => answer(api.POST('/ats/v0/background_checks/{id}/refresh', { params: { path: { id } } })),
    { done: 'Status refreshed' },
  );
  return (
    <Button size="compact-sm" variant="default" loading={refresh.running} onClick={() => refresh.run()}>
      Refresh
    </Button>
  );
}
