import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { UnitOfWork } from '#kernel/ports';
import { Database } from '../database/database.js';
import { teamsIn } from '../database/teams-in.js';
import { type ChainedEntry, chainHash, chainStart, entryColumns } from './chained-entry.js';

/** Entries of one transaction. A backlog is chained in pieces of this size. */
const pieceSize = 1_000;

/**
 * An entry carries the time at which its transaction began, and becomes visible at commit. Entries that become visible within
 * this time after others were chained are still found. Later ones are not, and `audit:verify` names them.
 */
export const searchBackSeconds = 3_600;

export interface ChainHead {
  teamId: string;
  seq: number;
  /** Hexadecimal. */
  hash: string;
}

/**
 * A team's entries that are not in the chain yet, as far back as they may still appear. The last line counts as no later than
 * the time it was chained: otherwise one entry dated in the future would hide all that follow. Lines of earlier releases do not
 * record that time. If such a line is the last and lies in the future, the query reads all entries once.
 */
const unchained = (teamId: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  platform.audit_entry e
  where e.team_id = ${teamId}
    and e.at > coalesce(
      (select case when c.chained_at is null and l.at > now() then '-infinity'
                   else least(l.at, c.chained_at) - make_interval(secs => ${searchBackSeconds}) end
       from platform.audit_chain c join platform.audit_entry l on l.team_id = c.team_id and l.id = c.entry_id
       where c.team_id = ${teamId} order by c.seq desc limit 1), '-infinity')
    and not exists (select from platform.audit_chain c where c.team_id = ${teamId} and c.entry_id = e.id)`;

/** Appends audit entries to their team's hash chain. Requests do not wait for it: entries are chained after their commit. */
@Injectable()
export class AuditChain {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Teams with entries to chain. Reads across teams. */
  async behind(): Promise<string[]> {
    const rows = await this.database.rows(sql<{ id: string }>`
      select team.id::text as id from ${teamsIn(sql`platform.audit_entry`)} team
      where exists (select from ${unchained(sql`team.id`)})`);
    return rows.map(({ id }) => id);
  }

  /** Chains one piece and returns whether there may be more. Does nothing while another process chains the same team. */
  extend(teamId: string): Promise<boolean> {
    return this.unitOfWork.run(async () => {
      const lock = await this.database.first(sql<{ mine: boolean }>`
        select pg_try_advisory_xact_lock(hashtextextended(${`audit-chain/${teamId}`}, 0)) as mine`);
      if (!lock?.mine) return false;
      const entries = await this.database.rows(sql<ChainedEntry>`
        select ${entryColumns} from ${unchained(sql`${teamId}::uuid`)} order by e.at, e.id limit ${pieceSize}`);
      if (entries.length > 0) await this.append(teamId, entries);
      return entries.length === pieceSize;
    });
  }

  /** The last line of every team's chain. Reads across teams. */
  async heads(): Promise<ChainHead[]> {
    const rows = await this.database.rows(sql<{ teamId: string; seq: string; hash: string }>`
      select team.id::text as "teamId", head.seq, encode(head.hash, 'hex') as hash
      from ${teamsIn(sql`platform.audit_chain`)} team
      cross join lateral (select seq, hash from platform.audit_chain c where c.team_id = team.id order by seq desc limit 1) head`);
    return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
  }

  private async append(teamId: string, entries: ChainedEntry[]): Promise<void> {
    const last = await this.database.first(sql<{ seq: string; hash: Buffer }>`
      select seq, hash from platform.audit_chain where team_id = ${teamId} order by seq desc limit 1`);
    let hash = last?.hash ?? chainStart;
    const hashes = entries.map((entry) => (hash = chainHash(hash, entry)).toString('hex'));
    const ids = entries.map(({ id }) => id);
    await this.database.affected(sql`
      insert into platform.audit_chain (team_id, seq, entry_id, hash)
      select ${teamId}::uuid, ${last?.seq ?? '0'}::bigint + line.nth, line.entry_id, decode(line.hash, 'hex')
      from unnest(${ids}::uuid[], ${hashes}::text[]) with ordinality as line (entry_id, hash, nth)`);
  }
}
