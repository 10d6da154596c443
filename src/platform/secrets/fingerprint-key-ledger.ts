import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '../database/database.js';
import { ErasureLedger, field, type LedgerLine, type Replayed } from '../erasures/erasure-ledger.js';

/** Fingerprints can only be matched with the key that made them. The ledger therefore includes the key, sealed with the keyring. */
@Injectable()
export class FingerprintKeyLedger extends ErasureLedger {
  readonly kinds = ['fingerprint_key'];

  constructor(private readonly database: Database) {
    super();
  }

  async *lines(): AsyncGenerator<LedgerLine> {
    const keys = await this.database.rows(sql<{ kid: string; sealed: string }>`
      select kid, sealed from platform.fingerprint_key order by own desc, kid`);
    for (const { kid, sealed } of keys) yield { kind: 'fingerprint_key', kid, sealed };
  }

  async replay(line: LedgerLine): Promise<Replayed> {
    const added = await this.database.affected(sql`
      insert into platform.fingerprint_key (kid, sealed, own) values (${field(line, 'kid')}, ${field(line, 'sealed')}, false)
      on conflict (kid) do nothing`);
    return added === 1 ? 'unknown' : 'done_before';
  }
}
