import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type RawBuilder, sql } from 'kysely';
import { UnitOfWork } from '#kernel/ports';
import { Database } from '../database/database.js';
import { registered } from '../registered.js';
import { ChangingThings } from './changing-things.js';

/** Changes that one transaction numbers. A reader of the feed and the transactions after it wait as long. */
export const numberingPiece = 1_000;

interface TakenChange {
  type: string;
  subject_id: string;
  renamed: boolean;
  spreads: boolean;
  lost: 'team' | 'any' | null;
}

/**
 * Numbers the changes of a team after their commit. Transactions that make changes are in no order and do not wait for each other: they
 * only add rows. The process that numbers holds the row of the team's feed, so numbers are given and become visible in one order. A change
 * that commits late is found late, and gets a higher number.
 */
@Injectable()
export class ChangeNumbering {
  private kinds: ChangingThings[] | undefined;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly discovery: DiscoveryService,
  ) {}

  /** Every kind of thing in the feed. */
  get all(): readonly ChangingThings[] {
    return (this.kinds ??= registered(this.discovery, ChangingThings));
  }

  /** Adds the row of a team's feed, if it has none. */
  async begin(teamId: string): Promise<void> {
    await this.database.affected(sql`
      insert into platform.change_feed (team_id)
      select ${teamId}::uuid where not exists (select from platform.change_feed where team_id = ${teamId})
      on conflict (team_id) do nothing`);
  }

  /** Numbers one piece. Returns whether there may be more. */
  async next(teamId: string): Promise<boolean> {
    if (!(await this.hasPending(teamId))) return false;
    await this.begin(teamId);
    return this.unitOfWork.run(async () => {
      const feed = await this.database.first(sql<{ last_seq: string }>`
        select last_seq from platform.change_feed where team_id = ${teamId} for update`);
      // A statement of its own: it sees what was committed before the lock was taken.
      const taken = await this.take(teamId);
      const spread = await this.spread(teamId, taken);
      await this.assign(teamId, Number(feed?.last_seq ?? 0), taken);
      return taken.length === numberingPiece || spread > 0;
    });
  }

  private async hasPending(teamId: string): Promise<boolean> {
    const row = await this.database.first(sql<{ pending: boolean }>`
      select exists (select from platform.pending_change where team_id = ${teamId}) as pending`);
    return row?.pending ?? false;
  }

  private async take(teamId: string): Promise<TakenChange[]> {
    return this.database.rows(sql<TakenChange>`
      delete from platform.pending_change where team_id = ${teamId} and id = any(array(
        select id from platform.pending_change where team_id = ${teamId} limit ${numberingPiece}))
      returning type, subject_id, renamed, spreads, lost, changed_at`);
  }

  private async assign(teamId: string, last: number, taken: readonly TakenChange[]): Promise<void> {
    // Also of types that this release does not know: one that does may run beside it.
    await this.database.affected(sql`
      with one as (
        select type, subject_id, max(changed_at) as changed_at, bool_or(lost = 'any') as lost, bool_or(lost is not null) as team_lost
        from jsonb_to_recordset(${JSON.stringify(taken)}::jsonb) as t (type text, subject_id uuid, lost text, changed_at timestamptz)
        group by type, subject_id),
      numbered as (
        select *, ${last}::bigint + row_number() over (order by changed_at, type, subject_id) as seq from one),
      stored as (
        insert into platform.change as c (team_id, type, subject_id, seq, lost_seq, team_lost_seq, changed_at)
        select ${teamId}::uuid, type, subject_id, seq, case when lost then seq else 0 end, case when team_lost then seq else 0 end, changed_at
        from numbered
        on conflict (team_id, type, subject_id) do update set
          seq = excluded.seq, lost_seq = greatest(c.lost_seq, excluded.lost_seq),
          team_lost_seq = greatest(c.team_lost_seq, excluded.team_lost_seq),
          changed_at = greatest(c.changed_at, excluded.changed_at))
      update platform.change_feed set last_seq = last_seq + (select count(*) from one) where team_id = ${teamId}`);
  }

  /** Notes the things that show a changed name, or that are seen through a thing whose viewers changed. Returns their number. */
  private async spread(teamId: string, taken: readonly TakenChange[]): Promise<number> {
    const renamed = taken.filter((one) => one.renamed);
    const spreading = taken.filter((one) => one.spreads);
    let noted = 0;
    for (const kind of this.all) {
      for (const [type, ids] of idsByType(renamed)) {
        noted += await this.note(teamId, kind.name, kind.showing(teamId, type, ids), null);
      }
      for (const lost of [null, 'any'] as const) {
        for (const [type, ids] of idsByType(spreading.filter((one) => one.lost === lost))) {
          noted += await this.note(teamId, kind.name, kind.seenThrough(teamId, type, ids), lost);
        }
      }
    }
    return noted;
  }

  private async note(
    teamId: string,
    type: string,
    ids: RawBuilder<unknown> | null,
    lost: TakenChange['lost'],
  ): Promise<number> {
    if (ids === null) return 0;
    return this.database.affected(sql`
      insert into platform.pending_change (team_id, type, subject_id, lost)
      select ${teamId}::uuid, ${type}, found.id, ${lost}::text from (${ids}) found`);
  }
}

const idsByType = (changes: readonly TakenChange[]): [string, string[]][] =>
  [...Map.groupBy(changes, ({ type }) => type)].map(([type, of]) => [
    type,
    [...new Set(of.map(({ subject_id: id }) => id))],
  ]);
