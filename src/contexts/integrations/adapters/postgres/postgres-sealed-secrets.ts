import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { SealedSecrets, type StoredSecret } from '../../domain/sealed-secrets.js';

/** Where each kind of secret holds its ciphertext. */
const ciphertext = {
  api_key: sql`api_key ->> 'sealed'`,
  webhook_secret: sql`webhook_secret ->> 'sealed'`,
  previous_webhook_secret: sql`previous_webhook_secret`,
};

const put = {
  api_key: (sealed: string) => sql`api_key = jsonb_set(api_key, '{sealed}', to_jsonb(${sealed}::text))`,
  webhook_secret: (sealed: string) =>
    sql`webhook_secret = jsonb_set(webhook_secret, '{sealed}', to_jsonb(${sealed}::text))`,
  previous_webhook_secret: (sealed: string) => sql`previous_webhook_secret = ${sealed}`,
};

export class PostgresSealedSecrets extends SealedSecrets {
  constructor(private readonly database: Database) {
    super();
  }

  async *all(): AsyncIterable<StoredSecret> {
    for (const column of Object.keys(ciphertext) as StoredSecret['column'][]) {
      yield* await this.database.rows(sql<StoredSecret>`
        select team_id as "teamId", id as "connectionId", ${column}::text as "column", ${ciphertext[column]} as sealed
        from integrations.connection where ${ciphertext[column]} is not null`);
    }
  }

  async replace({ teamId, connectionId, column, sealed }: StoredSecret, anew: string): Promise<boolean> {
    const changed = await this.database.affected(sql`
      update integrations.connection set ${put[column](anew)}
      where team_id = ${teamId} and id = ${connectionId} and ${ciphertext[column]} = ${sealed}`);
    return changed === 1;
  }
}
