import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { readId } from '#kernel/id';
import { UnitOfWork } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { isoTime } from '#platform/database/times';
import { ErasureLedger, field, type LedgerLine, type Replayed } from '#platform/erasures/erasure-ledger';
import { EraseUserHandler } from '../../application/erase-user.js';
import { Users } from '../../domain/ports.js';

interface Row {
  team_id: string;
  id: string;
  erased_at: Date | string;
}

/** The erased users. */
@Injectable()
export class UserLedger extends ErasureLedger {
  readonly kinds = ['user'];

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly users: Users,
    private readonly eraseUser: EraseUserHandler,
  ) {
    super();
  }

  async *lines(): AsyncGenerator<LedgerLine> {
    const rows = await this.database.rows(sql<Row>`
      select team_id, id, erased_at from access.user_account where erased_at is not null order by erased_at`);
    for (const { team_id, id, erased_at: at } of rows) yield { kind: 'user', team_id, id, at: isoTime(at) };
  }

  async replay(line: LedgerLine): Promise<Replayed> {
    const [teamId, id, at] = [field(line, 'team_id'), readId(field(line, 'id')), new Date(field(line, 'at'))];
    if (!id) throw new Error('"id" is no id');
    return this.unitOfWork.run(async () => {
      if (!(await this.users.find(teamId, id))) return 'unknown';
      const erased = await this.eraseUser.erase({ teamId, user: null, ip: null }, id, at);
      return erased ? 'erased' : 'done_before';
    });
  }
}
