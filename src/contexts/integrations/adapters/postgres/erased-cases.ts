import { type RawBuilder, sql } from 'kysely';

/** `fingerprint` of the kernel, in SQL. */
export const fingerprintOf = (caseId: string): RawBuilder<unknown> =>
  sql`encode(sha256(convert_to(${sql.ref(caseId)}, 'UTF8')), 'hex')`;

/** A case that was forgotten with its candidate, whosever it was: nobody stores, adopts or reports it again. */
export const isErased = (caseId: string): RawBuilder<unknown> =>
  sql`exists (select 1 from integrations.erased_case e where e.case_hash = ${fingerprintOf(caseId)})`;
