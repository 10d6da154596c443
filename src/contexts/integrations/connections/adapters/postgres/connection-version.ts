import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { type ChangeEntries, type Thing, VersionedPart } from '#platform/versions/versioned-part';
import { Connections } from '../../domain/connections.js';

/** What people set of the connection to a vendor. What calls and webhook events change by themselves is no new version. */
@Injectable()
export class ConnectionVersion extends VersionedPart {
  readonly subject = 'integration';

  constructor(
    private readonly database: Database,
    private readonly connections: Connections,
  ) {
    super();
  }

  state({ teamId, key }: Thing): Promise<unknown> {
    return this.database.first(sql`
      select id, region, environment, disabled_at::text, api_key ->> 'savedAt' as key_saved_at,
             webhook_secret ->> 'savedAt' as secret_saved_at
      from integrations.connection where team_id = ${teamId} and vendor = ${key} and current`);
  }

  async lock({ teamId, key }: Thing): Promise<void> {
    await this.connections.lock(teamId);
    await this.database.rows(sql`
      select 1 from integrations.connection where team_id = ${teamId} and vendor = ${key} and current for update`);
  }

  async changes({ teamId, key }: Thing): Promise<ChangeEntries | null> {
    const current = await this.database.first(sql<{ id: string }>`
      select id from integrations.connection where team_id = ${teamId} and vendor = ${key} and current`);
    return (
      current && { entityId: current.id, actions: ['integration.connect', 'integration.rotate', 'integration.disable'] }
    );
  }
}
