import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { SealedSecrets, type StoredSecret } from '../../domain/sealed-secrets.js';

/** One row for each sealed secret of a connection. Three columns hold ciphertext. */
const storedSecrets = sql`
  integrations.connection c
  cross join lateral (values ('api_key', c.api_key ->> 'sealed'), ('webhook_secret', c.webhook_secret ->> 'sealed'),
    ('previous_webhook_secret', c.previous_webhook_secret)) as secret ("column", sealed)`;

/** Where the ciphertext of each kind of secret is stored. */
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

  async teamsNotSealedWith(kid: string): Promise<string[]> {
    const rows = await this.database.rows(sql<{ id: string }>`
      select distinct c.team_id::text as id from ${storedSecrets}
      where secret.sealed is not null and split_part(secret.sealed, '.', 1) <> ${kid} order by 1`);
    return rows.map(({ id }) => id);
  }

  ofTeam(teamId: string): Promise<StoredSecret[]> {
    return this.database.rows(sql<StoredSecret>`
      select c.team_id as "teamId", c.id as "connectionId", secret."column", secret.sealed from ${storedSecrets}
      where c.team_id = ${teamId} and secret.sealed is not null order by c.id, secret."column"`);
  }

  async replace({ teamId, connectionId, column, sealed }: StoredSecret, resealed: string): Promise<boolean> {
    const changed = await this.database.affected(sql`
      update integrations.connection set ${put[column](resealed)}
      where team_id = ${teamId} and id = ${connectionId} and ${ciphertext[column]} = ${sealed}`);
    return changed === 1;
  }
}
