import { sql } from 'kysely';
import type { Database } from '../database/database.js';
import { teamsIn } from '../database/teams-in.js';
import { searchBackSeconds } from './audit-chain.js';
import { type ChainedEntry, chainHash, chainStart, entryColumns, timeText } from './chained-entry.js';

/** Lines in memory at a time. */
const batch = 1_000;
/** How far the database's clock may go back at a failover before an entry counts as dated in the future. */
const clockSeconds = 300;

export interface ChainVerdict {
  teamId: string;
  /** Entries that match the chain, counted from the first. */
  verified: number;
  /** The last line that matches, as `team:seq:hash`; null for a chain without lines. */
  head: string | null;
  /** Committed entries that are not in the chain yet. */
  unchained: number;
  /** The first mismatch, as a sentence; null when there is none. */
  fault: string | null;
}

interface Line {
  seq: string;
  line_entry_id: string;
  line_hash: Buffer;
  /** The entry's time, or when it was chained if that was earlier. */
  known_at: string | null;
  ahead: boolean | null;
}
type StoredLine = Line & (ChainedEntry | { [column in keyof ChainedEntry]: null });

interface Walk {
  verified: number;
  hash: Buffer;
  /** The latest time among the entries; '' for none. */
  latest: string;
  /** What stops the verification. */
  fault: string | null;
  /** The first entry dated in the future. It does not stop the verification: the lines after it can still be checked. */
  ahead: string | null;
}

/** Teams that have audit entries or a chain. Reads across teams; changes nothing. */
export async function chainedTeams(database: Database): Promise<string[]> {
  const rows = await database.rows(sql<{ id: string }>`
    select id::text from ${teamsIn(sql`platform.audit_entry`)} entries
    union select id::text from ${teamsIn(sql`platform.audit_chain`)} chains order by 1`);
  return rows.map(({ id }) => id);
}

/**
 * Computes a team's chain again from the entries. Calls `met` with the head of every line that matches, so that heads stored
 * elsewhere can be compared. Changes nothing; the service may keep writing.
 */
export async function verifyChain(
  database: Database,
  teamId: string,
  met: (head: string) => void = () => undefined,
): Promise<ChainVerdict> {
  const walk: Walk = { verified: 0, hash: chainStart, latest: '', fault: null, ahead: null };
  for (;;) {
    const lines = await linesAfter(database, teamId, walk.verified);
    for (const line of lines) {
      walk.fault = step(walk, line);
      if (walk.fault) break;
      met(headOf(teamId, walk));
    }
    if (walk.fault || lines.length < batch) break;
  }
  const left = await unchainedOf(database, teamId, walk.latest);
  const head = walk.verified > 0 ? headOf(teamId, walk) : null;
  return {
    teamId,
    verified: walk.verified,
    head,
    unchained: left.count,
    fault: walk.fault ?? left.fault ?? walk.ahead,
  };
}

const headOf = (teamId: string, { verified, hash }: Walk): string => `${teamId}:${verified}:${hash.toString('hex')}`;

/** Accepts the next line, or returns what is wrong with it. */
function step(walk: Walk, line: StoredLine): string | null {
  const seq = walk.verified + 1;
  if (Number(line.seq) !== seq) return `line ${seq} of the chain is missing`;
  const entry = `entry ${line.line_entry_id} (line ${seq})`;
  if (line.id === null) return `${entry} was removed`;
  const hash = chainHash(walk.hash, line);
  if (!hash.equals(line.line_hash)) return `${entry} is not what was chained there: it was changed or moved`;
  const at = line.known_at ?? line.at;
  Object.assign(walk, { verified: seq, hash, latest: at > walk.latest ? at : walk.latest });
  if (line.ahead) walk.ahead ??= `${entry} is dated later than it was chained: it was put in, or a clock was wrong`;
  return null;
}

function linesAfter(database: Database, teamId: string, seq: number): Promise<StoredLine[]> {
  return database.rows(sql<StoredLine>`
    select c.seq, c.entry_id::text as line_entry_id, c.hash as line_hash, ${entryColumns},
           ${timeText(sql`least(e.at, c.chained_at, now())`)} as known_at,
           e.at > coalesce(c.chained_at, now()) + make_interval(secs => ${clockSeconds}) as ahead
    from platform.audit_chain c left join platform.audit_entry e on e.team_id = c.team_id and e.id = c.entry_id
    where c.team_id = ${teamId} and c.seq > ${seq} order by c.seq limit ${batch}`);
}

/** Entries are chained within seconds. An entry far older than the chained ones was inserted later, or its line was removed. */
async function unchainedOf(
  database: Database,
  teamId: string,
  latest: string,
): Promise<{ count: number; fault: string | null }> {
  const row = await database.first(sql<{ count: number; id: string | null; late: boolean | null }>`
    select count(*) over ()::int as count, e.id::text as id,
           e.at <= nullif(${latest}, '')::timestamptz - make_interval(secs => ${searchBackSeconds}) as late
    from platform.audit_entry e
    where e.team_id = ${teamId}
      and not exists (select from platform.audit_chain c where c.team_id = ${teamId} and c.entry_id = e.id)
    order by e.at, e.id limit 1`);
  if (!row) return { count: 0, fault: null };
  const fault = row.late
    ? `entry ${row.id} is in no line, though it is older than the chain's end by over an hour`
    : null;
  return { count: row.count, fault };
}
