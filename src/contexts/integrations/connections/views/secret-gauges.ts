import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { sql } from 'kysely';
import { Settings } from '#platform/config/settings';
import { Database } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';
import { describeError } from '#platform/describe-error';
import { Gauges } from '#platform/metrics/gauges';

/** Counts stored secrets whose key this replica lacks: logged once at the start, and reported as a metric. */
@Injectable()
export class SecretGauges extends Gauges implements OnApplicationBootstrap {
  readonly meanings = {
    secrets_without_key: 'Stored secrets whose key is not in the CREDENTIALS_KEYS of this replica',
  };
  private readonly log = new Logger('secrets');

  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
  ) {
    super();
  }

  async onApplicationBootstrap(): Promise<void> {
    try {
      for (const { kid, secrets } of await this.lacking()) {
        const needed = `CREDENTIALS_KEYS lacks the key "${kid}", which sealed ${secrets} stored secrets`;
        this.log.error(`${needed}: this replica answers 503 to requests that need them until it has that key.`);
      }
    } catch (error) {
      this.log.warn(`could not check whether all keys are present: ${describeError(error)}`);
    }
  }

  async read(): Promise<Record<string, number>> {
    const lacking = await this.lacking();
    return { secrets_without_key: lacking.reduce((sum, { secrets }) => sum + secrets, 0) };
  }

  private lacking(): Promise<{ kid: string; secrets: number }[]> {
    const kids = this.settings.credentialsKeys.map(({ kid }) => kid);
    return acrossTeams('operator', () =>
      this.database.rows(sql<{ kid: string; secrets: number }>`
        select split_part(secret.sealed, '.', 1) as kid, count(*)::int as secrets
        from integrations.connection c
        cross join lateral (values (c.api_key ->> 'sealed'), (c.webhook_secret ->> 'sealed'),
          (c.previous_webhook_secret)) as secret (sealed)
        where secret.sealed is not null and split_part(secret.sealed, '.', 1) <> all(${kids}::text[])
        group by 1 order by 1`),
    );
  }
}
