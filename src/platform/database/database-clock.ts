import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { sql } from 'kysely';
import { Clock } from '#kernel/ports';
import { Database } from './database.js';
import { acrossTeams } from './scope.js';

const everyMs = 10_000;
/** Differences below this, or below the error of the measurement, are ignored: otherwise time would run backwards at times. */
const toleranceMs = 250;

/**
 * The database's time, without a query for each use. Replicas write and compare times of one clock, even if their own clocks
 * differ. Counts from the last measurement by the monotonic clock. Before the first measurement it is the machine's time.
 */
@Injectable()
export class DatabaseClock extends Clock implements OnModuleInit, OnModuleDestroy {
  /** Milliseconds to add to `performance.now()`. */
  private offsetMs = Date.now() - performance.now();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {
    super();
  }

  now(): Date {
    return new Date(performance.now() + this.offsetMs);
  }

  async onModuleInit(): Promise<void> {
    await this.measure();
    this.timer = setInterval(() => void this.measure(), everyMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** While the database is down, the last measurement stays in use. */
  private async measure(): Promise<void> {
    const asked = performance.now();
    const row = await acrossTeams('scheduling', () =>
      this.database.first(sql<{ ms: number }>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`),
    ).catch(() => null);
    if (!row) return;
    // The database took the time at some moment between the query and now. The error is up to the round trip.
    const halfMs = (performance.now() - asked) / 2;
    const offsetMs = row.ms - (asked + halfMs);
    if (Math.abs(offsetMs - this.offsetMs) > toleranceMs + halfMs) this.offsetMs = offsetMs;
  }
}
