import { Injectable, Logger } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { DomainError } from '#kernel/errors';
import { Database } from '../database/database.js';
import { isCollision, isDatabaseDown, isOvertime } from '../database/failures.js';
import { acrossTeams } from '../database/scope.js';
import { describeError, placesOf } from '../describe-error.js';

/** Failures in a row after which work is parked: tried once an hour. With the growing gaps before, that is about nine minutes. */
export const triesBeforeParking = 10;
const parkedGapSeconds = 3600;
/** A replica that claims the try of failing work has it for this long; then another replica may claim it. */
const claimSeconds = 300;

/** The gap after so many failures, in seconds: 1, 2, 4 … 256; an hour when parked. */
const gap = (
  failures: RawBuilder<unknown>,
) => sql`interval '1 second' * case when ${failures} >= ${sql.lit(triesBeforeParking)}
  then ${sql.lit(parkedGapSeconds)} else power(2, ${failures} - 1) end`;

const oneMore = sql`f.failures + 1`;
/** Counts up to the last failure before the work would be parked. */
const oneMoreBelowLimit = sql`greatest(f.failures, least(f.failures + 1, ${sql.lit(triesBeforeParking - 1)}))`;

/** The database is slow or full. The work itself is fine, and must not wait for an hour after the database recovers. */
const isStrain = (error: unknown): boolean =>
  isOvertime(error) ||
  isCollision(error) ||
  (error instanceof DomainError && (error.reason === 'service_busy' || error.reason === 'team_busy'));

/** The team itself as the subject, or one of its connections. */
const ofTeam = (teamId: string) => sql`(subject = ${teamId} or starts_with(subject, ${`${teamId}/`}))`;

/** The name of the work for the log and the command: `rounds`, `audit of <team>`. */
export const workName = (work: string, subject: string): string => (subject === '' ? work : `${work} of ${subject}`);

/**
 * How all failing recurring work is handled. Failures in a row are counted for all replicas together. The next try comes after a
 * growing gap and on one replica only. After ten failures the work is parked: tried once an hour, or when an operator asks for it
 * (`npm run jobs -- retry`). Failures while the database is down are not counted. Failures because it is slow are shown, but never
 * park the work.
 */
@Injectable()
export class RecurringWork {
  private readonly log = new Logger('recurring');

  constructor(private readonly database: Database) {}

  /** Runs one turn, unless it must wait after a failure. undefined: it did not run, or failed. Throws when the database is down. */
  async run<T>(work: string, turn: () => Promise<T>, subject = ''): Promise<T | undefined> {
    const state = await this.stateOf(work, subject);
    if (state === 'waits') return undefined;
    try {
      const result = await turn();
      if (state === 'failing') await this.succeeded(work, subject);
      return result;
    } catch (error) {
      if (isDatabaseDown(error)) throw error;
      await this.failed(work, error, subject, state);
      return undefined;
    }
  }

  /** Counts a failure. First failures of several replicas at the same time count as one. */
  private async failed(work: string, error: unknown, subject: string, state: 'sound' | 'failing'): Promise<void> {
    const why = describeError(error);
    const next = state === 'sound' ? sql`f.failures` : isStrain(error) ? oneMoreBelowLimit : oneMore;
    const row = await acrossTeams('scheduling', () =>
      this.database.first<{ failures: number; since: string }>(sql`
        insert into platform.recurring_fault as f (work, subject, failures, since, failed_at, next_try_at, why)
        values (${work}, ${subject}, 1, now(), now(), now() + interval '1 second', ${why})
        on conflict (work, subject) do update
          set failures = ${next}, failed_at = now(), why = excluded.why, next_try_at = now() + ${gap(next)}
        returning failures, since::text`),
    );
    const { failures = 1, since = '' } = row ?? {};
    const line = `${workName(work, subject)}: ${why} (failure ${failures} in a row, since ${since})`;
    if (failures < triesBeforeParking) this.log.warn({ at: placesOf(error) }, line);
    else this.log.error({ at: placesOf(error) }, `parked, tried once an hour: ${line}`);
  }

  /** Deletes the count, if there is one. */
  async succeeded(work: string, subject = ''): Promise<void> {
    const [ended] = await acrossTeams('scheduling', () =>
      this.database.rows<{ failures: number; since: string }>(sql`
        delete from platform.recurring_fault where work = ${work} and subject = ${subject}
        returning failures, since::text`),
    );
    if (ended)
      this.log.log(`${workName(work, subject)}: works again (${ended.failures} failures since ${ended.since})`);
  }

  /** How much work of one team is parked. */
  async countOf(teamId: string): Promise<number> {
    const row = await acrossTeams('scheduling', () =>
      this.database.first<{ works: number }>(sql`
        select count(*)::int as works from platform.recurring_fault
        where failures >= ${triesBeforeParking} and ${ofTeam(teamId)}`),
    );
    return row?.works ?? 0;
  }

  private stateOf(work: string, subject: string): Promise<'sound' | 'failing' | 'waits'> {
    return acrossTeams('scheduling', async () => {
      const key = sql`work = ${work} and subject = ${subject}`;
      const found = await this.database.first(sql`select 1 from platform.recurring_fault where ${key}`);
      if (!found) return 'sound';
      const taken = await this.database.affected(sql`
        update platform.recurring_fault set next_try_at = now() + interval '1 second' * ${sql.lit(claimSeconds)}
        where ${key} and next_try_at <= now()`);
      return taken === 1 ? 'failing' : 'waits';
    });
  }
}
