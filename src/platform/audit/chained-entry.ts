import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type RawBuilder, sql } from 'kysely';

/** An audit entry as it is hashed: every column, under its own name, in a form that no database version changes. */
export interface ChainedEntry {
  team_id: string;
  id: string;
  /** UTC with microseconds: `2026-11-26T14:20:46.123456Z`. */
  at: string;
  actor_id: string | null;
  action: string;
  entity: string;
  entity_id: string;
  outcome: string;
  before: unknown;
  after: unknown;
  ip: string | null;
  candidate_id: string | null;
}

/** A time in UTC with microseconds, as text that sorts as the times do. */
export const timeText = (time: RawBuilder<unknown>): RawBuilder<string> =>
  sql`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The columns of `platform.audit_entry e` as a `ChainedEntry`. */
export const entryColumns = sql`e.team_id::text, e.id::text,
  ${timeText(sql`e.at`)} as at, e.actor_id::text, e.action, e.entity, e.entity_id,
  e.outcome, e.before, e.after, e.ip, e.candidate_id::text`;

const format = 'audit-entry.v1';

/** What the first line of a chain follows: 32 zero bytes. */
export const chainStart = Buffer.alloc(32);

/** SHA-256 of the previous line's hash, then the entry as canonical JSON (RFC 8785) in UTF-8. `docs/security.md` says how. */
export function chainHash(previous: Buffer, entry: ChainedEntry): Buffer {
  const { team_id, id, at, actor_id, action, entity, entity_id, outcome, before, after, ip, candidate_id } = entry;
  const who = { team_id, actor_id, ip, candidate_id };
  const canonical = canonicalize({ format, id, at, ...who, action, entity, entity_id, outcome, before, after });
  if (canonical === undefined) throw new Error('An audit entry has no canonical form.');
  return createHash('sha256').update(previous).update(canonical, 'utf8').digest();
}
