import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { Database } from '../database/database.js';

/** One thing of a team. `key`: its id, the word that names it in its path, or '' for what a team has one of. */
export interface Thing {
  subject: string;
  teamId: string;
  key: string;
}

/** The audit entries that tell of changes of a thing. */
export interface ChangeEntries {
  entityId: string;
  actions: readonly string[];
}

/**
 * What tells versions of one kind of thing apart. Contexts register theirs under the subject; a thing that several contexts hold has
 * several parts. A version must change with every write of what the single read shows as the thing's own, by any writer: an older
 * release, a job or a command.
 */
export abstract class VersionedPart {
  abstract readonly subject: string;
  /** The present state, as JSON that differs between any two versions. */
  abstract state(thing: Thing): Promise<unknown>;
  /** Locks the thing until the transaction ends, in the order in which the use cases lock. */
  abstract lock(thing: Thing): Promise<void>;
  /** null: no entry of this part's. */
  abstract changes(thing: Thing): Promise<ChangeEntries | null>;
}

/**
 * A thing that is one row with `team_id`, `id` and `updated_at`. `xmin` names the transaction that wrote the row, so that it differs
 * after any write; with the time, versions also differ where a restored database counts its transactions from the start.
 */
@Injectable()
export abstract class VersionedRow extends VersionedPart {
  protected abstract readonly table: string;
  protected abstract readonly actions: readonly string[];
  protected readonly id: string = 'id';

  constructor(protected readonly database: Database) {
    super();
  }

  state(thing: Thing): Promise<unknown> {
    return this.database.first(sql`select r.xmin::text, r.updated_at ${this.row(thing)}`);
  }

  async lock(thing: Thing): Promise<void> {
    await this.database.rows(sql`select 1 ${this.row(thing)} for update`);
  }

  async changes({ key }: Thing): Promise<ChangeEntries | null> {
    return this.actions.length === 0 ? null : { entityId: key, actions: this.actions };
  }

  private row({ teamId, key }: Thing): RawBuilder<unknown> {
    return sql`from ${sql.table(this.table)} r where r.team_id = ${teamId} and r.${sql.ref(this.id)} = ${key}`;
  }
}
