import type { QueryClient } from '@tanstack/react-query';
import type { Schemas } from './client';

type Check = Schemas['CheckResponse'];
type Plan = Schemas['PlanStageResponse'][];

/** The query keys that live updates invalidate. Screens that show checks use only these. */
export const keys = {
  /** Every list of checks, with any filters. */
  checks: ['background_checks'] as const,
  check: (id: string) => ['background_check', id] as const,
  history: (id: string) => ['background_check', id, 'history'] as const,
  /** The interview plan of an application: its Application tab. */
  plan: (applicationId: string) => ['interview_plan', applicationId] as const,
};

/** A check changed: the screen shows it at once, and dependent queries are read again. */
export function showCheck(client: QueryClient, check: Check): void {
  client.setQueryData<Check>(keys.check(check.id), check);
  client.setQueryData<Plan>(keys.plan(check.application_id), (plan) => plan?.map((stage) => withCheck(stage, check)));
  void client.invalidateQueries({ queryKey: keys.history(check.id) });
  void client.invalidateQueries({ queryKey: keys.plan(check.application_id) });
  invalidateSoon(client);
}

/** All queries with checks: lists, single checks, plans. */
export const allChecks = [keys.checks, keys.check(''), keys.plan('')].map(([first]) => [first]);

/** Data that was read before the live updates began may be out of date. */
export function refetchChecks(client: QueryClient): void {
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

/** A busy team has many changes a second: the lists are read again once for several of them. */
function invalidateSoon(client: QueryClient): void {
  due ??= setTimeout(() => {
    due = undefined;
    void client.invalidateQueries({ queryKey: keys.checks });
  }, 250);
}
