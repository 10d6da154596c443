import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { readId } from '#kernel/id';
import { Clock, UnitOfWork } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { isoTime } from '#platform/database/times';
import { ErasureLedger, field, type LedgerLine, type Replayed } from '#platform/erasures/erasure-ledger';
import { ErasePerson } from '../../application/erase-person.js';
import { Erasures } from '../../domain/erasures.js';
import { Candidates } from '../../domain/ports.js';

interface ErasureRow {
  team_id: string;
  candidate_id: string;
  at: Date | string;
  by_user_id: string | null;
}
interface IdRow {
  team_id: string;
  kind: string;
  fingerprint: string;
  record_id: string;
}

/** Anonymised candidates, and the fingerprints of the ids that their records had in the customer's own systems. */
@Injectable()
export class CandidateLedger extends ErasureLedger {
  readonly kinds = ['external_id', 'candidate'];

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly candidates: Candidates,
    private readonly erasures: Erasures,
    private readonly erasePerson: ErasePerson,
    private readonly clock: Clock,
  ) {
    super();
  }

  async *lines(): AsyncGenerator<LedgerLine> {
    const ids = await this.database.rows(sql<IdRow>`
      select team_id, kind, fingerprint, record_id from hiring.erased_external_id order by team_id, kind, fingerprint`);
    for (const { kind: of, ...row } of ids) yield { kind: 'external_id', of, ...row };
    const rows = await this.database.rows(sql<ErasureRow>`
      select team_id, candidate_id, at, by_user_id from hiring.erasure order by at`);
    for (const { team_id, candidate_id: id, at, by_user_id: by } of rows) {
      yield { kind: 'candidate', team_id, id, at: isoTime(at), by };
    }
  }

  replay(line: LedgerLine): Promise<Replayed> {
    return line.kind === 'candidate' ? this.candidate(line) : this.externalId(line);
  }

  private async externalId(line: LedgerLine): Promise<Replayed> {
    const added = await this.database.affected(sql`
      insert into hiring.erased_external_id (team_id, kind, fingerprint, record_id)
      values (${field(line, 'team_id')}, ${field(line, 'of')}, ${field(line, 'fingerprint')}, ${field(line, 'record_id')})
      on conflict do nothing`);
    return added === 1 ? 'unknown' : 'done_before';
  }

  /** Ignores a legal hold in the backup: it was lifted before the candidate was anonymised. */
  private candidate(line: LedgerLine): Promise<Replayed> {
    const [teamId, id] = [field(line, 'team_id'), readId(field(line, 'id'))];
    if (!id) throw new Error('"id" is no id');
    const proof = { at: new Date(field(line, 'at')), by: line['by'] ?? null };
    return this.unitOfWork.run(async () => {
      const candidate = await this.candidates.find(teamId, id);
      if (!candidate) {
        await this.erasures.add({ teamId, candidateId: id, outcomesWithheld: false, ...proof });
        return 'unknown';
      }
      if (candidate.anonymisedAt) return 'done_before';
      candidate.hold(false, this.clock.now());
      await this.erasePerson.of(candidate, { teamId, user: null, ip: null }, proof);
      return 'erased';
    });
  }
}
