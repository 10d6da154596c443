import { Audit, installationId, operatorFor } from '#kernel/ports';
import { SettingsError } from '#platform/config/settings';
import { acrossTeams } from '#platform/database/scope';
import { describeError } from '#platform/describe-error';
import { ReconcileRestored } from './contexts/integrations/integrations.module.js';
import { quietService } from './quiet-service.js';

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function explained(error: unknown): string {
  if (error instanceof SettingsError) return error.faults.join(' ');
  const { code } = error as { code?: string };
  if (code === '42P01' || code === '3F000') return 'The database is not ready: run `npm run migrate` first.';
  return `The database cannot be used: ${describeError(error)}`;
}

/**
 * For a restore that the service cannot notice by itself, such as a disk that was set back to a snapshot: every unfinished order
 * is looked for at Certn before it is sent. Doing it again starts the search again, and changes nothing else.
 */
export async function run(env: NodeJS.ProcessEnv): Promise<{ done: boolean; line: string }> {
  try {
    const service = await quietService(env);
    try {
      const { orders, teams } = await acrossTeams('operator', async () => {
        const done = await service.get(ReconcileRestored, { strict: false }).now();
        const entry = { action: 'orders.doubt', entity: 'installation', entityId: installationId };
        const to = { command: 'restored', ...done };
        await service.get(Audit, { strict: false }).record(operatorFor(installationId), { ...entry, to });
        return done;
      });
      const found = `${counted(orders, 'unfinished order')} of ${counted(teams, 'team')}`;
      const line =
        orders === 0
          ? 'No order is unfinished: nothing has to be looked for.'
          : `${found}: each is looked for at Certn as soon as the service runs, and sent only if it is not there.`;
      return { done: true, line };
    } finally {
      await service.close();
    }
  } catch (error) {
    return { done: false, line: explained(error) };
  }
}

if (import.meta.main) {
  const { done, line } = await run(process.env);
  (done ? process.stdout : process.stderr).write(`${line}\n`);
  process.exitCode = done ? 0 : 1;
}
