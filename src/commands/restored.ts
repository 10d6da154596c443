import { Audit, installationId, operatorFor } from '#kernel/ports';
import { describeError } from '#platform/describe-error';
import { ReconcileRestored } from '../contexts/integrations/integrations.module.js';
import { explaining, type Outcome, outcomeOf, report, withService } from './command.js';

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/**
 * For a restore that the service cannot detect, such as a disk that was set back to a snapshot: every unfinished order is
 * reconciled with its vendor before it is sent. Running it again starts reconciliation again and changes nothing else.
 */
export function run(env: NodeJS.ProcessEnv): Promise<Outcome> {
  return outcomeOf(
    () =>
      withService(env, async (service) => {
        const { orders, teams } = await service.get(ReconcileRestored, { strict: false }).now();
        const entry = { action: 'orders.doubt', entity: 'installation', entityId: installationId };
        const to = { command: 'restored', orders, teams };
        await service.get(Audit, { strict: false }).record(operatorFor(installationId), { ...entry, to });
        if (orders === 0) return 'No order is unfinished: nothing has to be reconciled.';
        const found = `${counted(orders, 'unfinished order')} of ${counted(teams, 'team')}`;
        return `${found}: each is reconciled with its vendor as soon as the service runs, and sent only if it is not there.`;
      }),
    explaining('npm run restored', describeError),
  );
}

if (import.meta.main) report(await run(process.env));
