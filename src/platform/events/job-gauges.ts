import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Gauges } from '../metrics/gauges.js';
import { jobFigures } from './queue-tables.js';

/** The state of the queue. */
@Injectable()
export class JobGauges extends Gauges {
  readonly meanings = {
    jobs_waiting: 'Jobs that could run now and do not yet',
    jobs_dead_lettered: 'Jobs that were given up after all retries',
    jobs_unworked: 'Jobs that wait in a queue which no running release works',
  };
  override readonly formerNames = { jobs_dead_lettered: 'jobs_parked' };

  constructor(private readonly database: Database) {
    super();
  }

  async read(): Promise<Record<string, number>> {
    return { ...(await this.database.first(jobFigures)) };
  }
}
