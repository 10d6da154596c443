import { fromKysely, PgBoss } from 'pg-boss';
import type { Database } from '../database/database.js';
import { queueSchema } from './queues.js';

/** pg-boss's own interface. A call that is given a `db` runs on that connection, in its transaction. */
export interface QueueApi {
  api(): Promise<Pick<PgBoss, 'findJobs' | 'getQueue' | 'previewRedrive' | 'redrive'>>;
}

/** For a command, which runs no `JobQueue`: pg-boss on the command's connection, without workers and without its timers. */
export async function withQueueApi<T>(database: Database, work: (queue: QueueApi) => Promise<T>): Promise<T> {
  const boss = new PgBoss({
    db: fromKysely(database.kysely),
    schema: queueSchema,
    migrate: false,
    supervise: false,
    schedule: false,
    registerInstance: false,
  });
  boss.on('error', () => undefined);
  let started: Promise<PgBoss> | undefined;
  try {
    return await work({ api: () => (started ??= boss.start()) });
  } finally {
    if (started) await boss.stop({ graceful: false });
  }
}
