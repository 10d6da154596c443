import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Outbox } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { Connection } from '../../domain/connection.js';
import { Connections } from '../../domain/connections.js';

@Injectable()
export class PostgresConnections extends Connections {
  constructor(
    private readonly em: EntityManager,
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {
    super();
  }

  async lock(teamId: string): Promise<void> {
    // An advisory lock: before the first connection there is no row to lock.
    await this.database.rows(sql`select pg_advisory_xact_lock(hashtextextended(${`connection/${teamId}`}, 0))`);
  }

  async add(connection: Connection): Promise<void> {
    this.em.persist(connection);
    await this.save(connection);
  }

  async save(connection: Connection): Promise<void> {
    await this.em.flush();
    await this.outbox.publish(connection.releaseEvents());
  }

  async currentOf(teamId: string, vendor: string): Promise<Connection | null> {
    return this.reader().findOne(Connection, { teamId, vendor, current: true });
  }

  async byId(teamId: string, id: string): Promise<Connection | null> {
    return this.reader().findOne(Connection, { teamId, id });
  }

  async someCaseOf(connection: Connection): Promise<string | null> {
    const row = await this.database.first(sql<{ case_id: string }>`
      select case_id from integrations.vendor_case
      where team_id = ${connection.teamId} and connection_id = ${connection.id} and case_id is not null limit 1`);
    return row?.case_id ?? null;
  }

  /** Outside a unit of work, what is read must not stay in the shared identity map. */
  private reader(): EntityManager {
    return this.em.isInTransaction() ? this.em : this.em.fork();
  }
}
