import type { QueryClient } from '@tanstack/react-query';
import type { Schemas } from './client';

type Check = Schemas['CheckResponse'];
type Plan = Schemas['PlanStageResponse'][];

/** The keys that live updates know. Screens that show checks use these and no others. */
export const keys = {
  /** Every list of checks, whatever its filters. */
  checks: ['background_checks'] as const,
  check: (id: string) => ['background_check', id] as const,
  history: (id: string) => ['background_check', id, 'history'] as const,
  /** The interview plan of an application: its Application tab. */
  plan: (applicationId: string) => ['interview_plan', applicationId] as const,
};

/** A check changed: what is on the screen shows it at once; what depends on it is read again. */
export function showCheck(client: QueryClient, check: Check): void {
  client.setQueryData<Check>(keys.check(check.id), check);
  client.setQueryData<Plan>(keys.plan(check.application_id), (plan) => plan?.map((stage) => withCheck(stage, check)));
  void client.invalidateQueries({ queryKey: keys.history(check.id) });
  void client.invalidateQueries({ queryKey: keys.plan(check.application_id) });
  invalidateSoon(client);
}

/** Whatever shows checks: every list, every check, every plan. */
export const allChecks = [keys.checks, keys.check(''), keys.plan('')].map(([first]) => [first]);

/** What the screens read before they were told of changes may be out of date. */
export function readChecksAgain(client: QueryClient): void {
  for (const queryKey of allChecks) void client.invalidateQueries({ queryKey });
}

function withCheck(stage: Plan[number], check: Check): Plan[number] {
  const items = stage.items.map((item) => {
    const shown = item.background_checks.map((one) => (one.id === check.id ? check : one));
    return { ...item, background_checks: shown };
  });
  return { ...stage, items };
}

let due: ReturnType<typeof setTimeout> | undefined;

/** A busy team has many changes a second; its lists are read again once for all of them. */
function invalidateSoon(client: QueryClient): void {
  due ??= setTimeout(() => {
    due = undefined;
    void client.invalidateQueries({ queryKey: keys.checks });
  }, 250);
}
