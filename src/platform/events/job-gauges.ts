import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '../database/database.js';
import { Gauges } from '../metrics/gauges.js';
import { deadLetterQueue } from './queues.js';
import { workedByNone } from './subscriptions.js';

/** The state of the queue. */
@Injectable()
export class JobGauges extends Gauges {
  readonly meanings = {
    jobs_waiting: 'Jobs that could run now and do not yet',
    jobs_parked: 'Jobs that were given up after all retries',
    jobs_unworked: 'Jobs that wait in a queue which no running release works',
  };

  constructor(private readonly database: Database) {
    super();
  }

  async read(): Promise<Record<string, number>> {
    const row = await this.database.first(sql<Record<string, number>>`
      select count(*) filter (where name <> ${deadLetterQueue} and start_after <= now())::int as jobs_waiting,
             count(*) filter (where name = ${deadLetterQueue})::int as jobs_parked,
             count(*) filter (where name <> ${deadLetterQueue} and s.retired is null and ${workedByNone})::int as jobs_unworked
      from queue.job left join platform.subscription s on s.queue = name where state < 'active'`);
    return row ?? {};
  }
}
