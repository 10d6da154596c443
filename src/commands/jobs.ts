import { parseArgs } from 'node:util';
import { isUUID } from 'class-validator';
import { type Audit, installationId, operatorFor, type UnitOfWork } from '#kernel/ports';
import { PostgresAudit } from '#platform/audit/postgres-audit';
import { Database } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';
import { PostgresUnitOfWork } from '#platform/database/unit-of-work';
import { type DeadLetter, DeadLetters, type Retried } from '#platform/events/dead-letters';
import { type QueueApi, withQueueApi } from '#platform/events/queue-api';
import { Subscriptions, type UnworkedQueue } from '#platform/events/subscriptions';
import { type RecurringFault, RecurringFaults } from '#platform/recurring/recurring-faults';
import { workName } from '#platform/recurring/recurring-work';
import { explaining, Mistake, type Outcome, outcomeOf, report, withDatabase } from './command.js';

const usage =
  'npm run jobs -- list | queues | recurring [--json]   or   npm run jobs -- retry <id> | <recurring work> | --all';
/** More than an operator reads. The rest shows when these are gone. */
const listed = 1000;

interface Tools {
  deadLetters: DeadLetters;
  recurring: RecurringFaults;
  subscriptions: Subscriptions;
  unitOfWork: UnitOfWork;
  audit: Audit;
}
type Work = (tools: Tools) => Promise<string>;

/** The form of the names of recurring work. */
export const workForm = /^[a-z][a-zA-Z.-]+$/;

/** The most ids in one audit entry; the entry's count includes the others. */
const namedJobs = 100;

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

function age(since: string): string {
  const minutes = Math.floor((Date.now() - Date.parse(since)) / 60_000);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}

const asText = (job: DeadLetter): string => `${job.id}  ${job.queue}
  dead since ${job.deadSince} (${age(job.deadSince)} ago), begun ${job.begunAt}, ${plural(job.tries, 'try', 'tries')}
  event ${JSON.stringify(job.event)}
  why   ${job.why}`;

const asJson = (job: DeadLetter): Record<string, unknown> => ({
  id: job.id,
  queue: job.queue,
  team_id: job.teamId,
  event: job.event,
  begun_at: job.begunAt,
  parked_at: job.deadSince,
  tries: job.tries,
  why: job.why,
});

const list =
  (json: boolean): Work =>
  async ({ deadLetters }) => {
    const jobs = await deadLetters.list(listed);
    if (json) return JSON.stringify(jobs.map(asJson), null, 2);
    return jobs.length === 0 ? 'There are no dead letters.' : jobs.map(asText).join('\n\n');
  };

const queueAsText = ({ queue, jobs, oldest, retired }: UnworkedQueue): string => `${queue}
  ${plural(jobs, 'job waits', 'jobs wait')}, the oldest since ${oldest} (${age(oldest)})
  ${retired === null ? 'no running release works it: is a worker down, or was a release taken back?' : `retired: ${retired}`}`;

/** Jobs in queues that no running release works. */
const queues =
  (json: boolean): Work =>
  async ({ subscriptions }) => {
    const found = await subscriptions.unworked();
    if (json) return JSON.stringify(found, null, 2);
    return found.length === 0 ? 'Every waiting job is worked.' : found.map(queueAsText).join('\n\n');
  };

const faultAsText = ({ work, subject, failures, parked, since, nextTryAt, why }: RecurringFault): string =>
  `${workName(work, subject)}
  ${parked ? 'parked, tried once an hour; ' : ''}failed ${plural(failures, 'time', 'times')} in a row since ${since}, next try ${nextTryAt}
  why   ${why}`;

const faultAsJson = ({ nextTryAt, ...fault }: RecurringFault): object => ({ ...fault, next_try_at: nextTryAt });

const recurringFaults =
  (json: boolean): Work =>
  async ({ recurring }) => {
    const faults = await recurring.list();
    if (json) return JSON.stringify(faults.map(faultAsJson), null, 2);
    return faults.length === 0 ? 'All recurring work works.' : faults.map(faultAsText).join('\n\n');
  };

const retryWork =
  (name: string): Work =>
  async ({ recurring, unitOfWork, audit }) => {
    const tried = await unitOfWork.run(() => retryRecurring(recurring, audit, name));
    if (tried > 0) return `${name} is tried now.`;
    throw new Mistake(`No recurring work that fails is named ${name}: look with npm run jobs -- recurring.`);
  };

async function retryRecurring(recurring: RecurringFaults, audit: Audit, name?: string): Promise<number> {
  const tried = await recurring.retry(name);
  if (tried === 0) return 0;
  const to = { command: 'jobs retry', recurring: name ?? 'all', works: tried };
  await audit.record(operatorFor(installationId), {
    action: 'jobs.retry',
    entity: 'installation',
    entityId: installationId,
    to,
  });
  return tried;
}

const retry =
  (id: string | undefined): Work =>
  async ({ deadLetters, recurring, unitOfWork, audit }) => {
    const { retried, superseded, unknownQueue, held, works } = await unitOfWork.run(async () => {
      const outcome = await deadLetters.retry(id);
      await recordRetry(audit, outcome.gone);
      return { ...outcome, works: id === undefined ? await retryRecurring(recurring, audit) : 0 };
    });
    if (id && retried + superseded + unknownQueue + held === 0) {
      throw new Mistake(`No dead letter has the id ${id}: look with npm run jobs -- list.`);
    }
    const lines = [`${plural(retried, 'job is', 'jobs are')} back on the queue.`];
    if (superseded) lines.push(`${plural(superseded, 'was', 'were')} not needed: the same work is waiting already.`);
    if (unknownQueue)
      lines.push(
        `${plural(unknownQueue, 'remains a dead letter', 'remain dead letters')}: this release has no such event handler.`,
      );
    if (held) lines.push(`${plural(held, 'is', 'are')} held by another command or replica at this moment: try again.`);
    if (works)
      lines.push(`${plural(works, 'piece', 'pieces')} of recurring work ${works === 1 ? 'is' : 'are'} tried now.`);
    return lines.join('\n');
  };

/** Writes one audit entry per team whose jobs were put back. */
async function recordRetry(audit: Audit, gone: Retried['gone']): Promise<void> {
  for (const [teamId, jobs] of Map.groupBy(gone, (job) => job.teamId ?? installationId)) {
    const ids = jobs.slice(0, namedJobs).map(({ id }) => id);
    const to = { command: 'jobs retry', jobs: jobs.length, ids };
    await audit.record(operatorFor(teamId), { action: 'jobs.retry', entity: 'team', entityId: teamId, to });
  }
}

function workFor(args: string[]): Work {
  const options = { json: { type: 'boolean' }, all: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [command, id, ...rest] = positionals;
  const shown = { list, queues, recurring: recurringFaults }[command ?? ''];
  if (shown && !id && !values.all) return shown(values.json ?? false);
  if (command !== 'retry' || rest.length > 0 || values.json) throw new Mistake(`Usage: ${usage}`);
  if ((id === undefined) !== (values.all ?? false)) throw new Mistake(`retry takes one id, or --all: ${usage}`);
  if (id !== undefined && workForm.test(id) && !isUUID(id)) return retryWork(id);
  if (id !== undefined && !isUUID(id)) throw new Mistake(`"${id}" is no job's id: look with npm run jobs -- list.`);
  return retry(id);
}

/** The command as an operator types it. */
export function run(args: string[], databaseUrl: string | undefined): Promise<Outcome> {
  return outcomeOf(async () => {
    const work = workFor(args);
    return withDatabase(databaseUrl, (em) => {
      const [database, unitOfWork] = [new Database(em), new PostgresUnitOfWork(em)];
      const tools = (queue: QueueApi): Tools => ({
        deadLetters: new DeadLetters(database, queue),
        recurring: new RecurringFaults(database),
        subscriptions: new Subscriptions(database, unitOfWork),
        unitOfWork,
        audit: new PostgresAudit(database),
      });
      return acrossTeams('operator', () => withQueueApi(database, (queue) => work(tools(queue))));
    });
  }, explaining(usage));
}

if (import.meta.main) report(await run(process.argv.slice(2), process.env['DATABASE_URL']));
