import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { sql } from 'kysely';
import { Clock } from '#kernel/ports';
import { Database } from './database.js';
import { acrossTeams } from './scope.js';

const everyMs = 10_000;
/** Smaller differences than this, and than a measurement can tell, are not followed: the time would run backwards now and then. */
const toleranceMs = 250;

/**
 * The database's time, without asking each time: what replicas write and compare then agrees, whatever their own clocks say.
 * Counted from the last measurement by a clock that nobody sets. Before the first one it is the machine's time.
 */
@Injectable()
export class DatabaseClock extends Clock implements OnModuleInit, OnModuleDestroy {
  /** What must be added to `performance.now()`. */
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

  /** A database that is away says nothing about the time: the last measurement holds. */
  private async measure(): Promise<void> {
    const asked = performance.now();
    const row = await acrossTeams('scheduling', () =>
      this.database.first(sql<{ ms: number }>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`),
    ).catch(() => null);
    if (!row) return;
    // The answer was made at some moment between the question and now: what it may mean is as wide as it took.
    const halfMs = (performance.now() - asked) / 2;
    const offsetMs = row.ms - (asked + halfMs);
    if (Math.abs(offsetMs - this.offsetMs) > toleranceMs + halfMs) this.offsetMs = offsetMs;
  }
}
