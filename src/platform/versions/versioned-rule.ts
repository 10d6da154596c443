import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '../database/database.js';
import { type ChangeEntries, type Thing, VersionedPart } from './versioned-part.js';

/** A team's retention rule. Its daily run writes to the row too, so the version is what the rule says. */
@Injectable()
export abstract class VersionedRule extends VersionedPart {
  protected abstract readonly table: string;
  protected abstract readonly action: string;

  constructor(private readonly database: Database) {
    super();
  }

  async state({ teamId }: Thing): Promise<unknown> {
    return this.database.first(sql`
      select months, since::text from ${sql.table(this.table)} where team_id = ${teamId} and months is not null`);
  }

  async lock({ teamId }: Thing): Promise<void> {
    // A team without a rule has no row to lock. A rule of null months is none.
    await this.database.affected(sql`
      insert into ${sql.table(this.table)} (team_id, months, since, due_at) values (${teamId}, null, now(), now())
      on conflict (team_id) do nothing`);
    await this.database.rows(sql`select 1 from ${sql.table(this.table)} where team_id = ${teamId} for update`);
  }

  async changes({ teamId }: Thing): Promise<ChangeEntries> {
    return { entityId: teamId, actions: [this.action] };
  }
}
