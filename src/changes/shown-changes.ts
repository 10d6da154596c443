import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { ChangeFeed, type ChangeRow } from '#platform/changes/change-feed';
import type { ShownThing } from '#platform/changes/changing-things';
import { isoTime } from '#platform/database/times';
import type { ShownChange } from './change-response.js';

/** Shows changed things as one caller may see them now. */
@Injectable()
export class ShownChanges {
  constructor(private readonly feed: ChangeFeed) {}

  /**
   * `complete`: the number up to which the caller has everything. What the caller does not see is a tombstone if they may have lost
   * sight of it since, and is left out otherwise: their copy does not have it.
   */
  async of(caller: Caller, rows: readonly ChangeRow[], complete: number): Promise<ShownChange[]> {
    const things = new Map<string, ShownThing>();
    const secret = new Set<string>();
    for (const kind of this.feed.kinds) {
      const ids = idsOf(rows.filter(({ type }) => type === kind.name));
      if (ids.length === 0) continue;
      for (const thing of await kind.shown(caller, ids)) things.set(thing.id, thing);
      const unseen = ids.filter((id) => !things.has(id));
      if (unseen.length > 0) for (const id of await kind.secretFrom(caller, unseen)) secret.add(id);
    }
    return rows.flatMap((row): ShownChange[] => {
      const thing = things.get(row.id);
      if (thing) return [changeOf(row, thing)];
      return secret.has(row.id) || lostAt(row, caller) <= complete ? [] : [changeOf(row, null)];
    });
  }
}

const idsOf = (rows: readonly ChangeRow[]): Id[] => rows.map(({ id }) => id);

/** The number at which the caller may have lost sight of it. */
const lostAt = (row: ChangeRow, caller: Caller): number =>
  caller.can('create_records') ? Math.max(row.lost_seq, row.team_lost_seq) : row.lost_seq;

const changeOf = ({ type, id, changed_at: at }: ChangeRow, thing: ShownThing | null): ShownChange => ({
  type,
  id,
  revision: thing?.revision ?? null,
  deleted: thing === null,
  changed_at: isoTime(at),
  data: thing?.data ?? null,
});
