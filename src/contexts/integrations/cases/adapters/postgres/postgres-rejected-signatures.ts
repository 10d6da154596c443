import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';
import { type CaseOwner, RejectedSignatures } from '../../domain/vendor-cases.js';

const flushEveryMs = 1000;

interface RejectedCount {
  teamId: string;
  connectionId: string;
  /** The sealed secret that the signatures did not match. */
  secret: string;
  count: number;
}

/** Counts in memory and writes once a second, so that a flood of forged events does not become a flood of statements. */
@Injectable()
export class PostgresRejectedSignatures extends RejectedSignatures implements OnApplicationShutdown {
  private readonly log = new Logger('webhooks');
  private readonly counts = new Map<string, RejectedCount>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {
    super();
  }

  count({ teamId, connectionId, secrets }: CaseOwner): void {
    const secret = secrets[0]?.sealed ?? '';
    const key = `${connectionId} ${secret}`;
    const entry = this.counts.get(key) ?? { teamId, connectionId, secret, count: 0 };
    entry.count += 1;
    this.counts.set(key, entry);
    this.timer ??= setTimeout(() => void this.flush(), flushEveryMs).unref();
  }

  /** Writes the counts to the database. */
  async flush(): Promise<void> {
    this.timer = undefined;
    const entries = [...this.counts.values()];
    this.counts.clear();
    for (const { teamId, connectionId, secret, count } of entries) {
      const statement = sql`
        insert into integrations.rejected_signature (team_id, connection_id, hour, count)
        values (${teamId}, ${connectionId}, date_trunc('hour', now()), ${count})
        on conflict (team_id, connection_id, hour)
          do update set count = integrations.rejected_signature.count + excluded.count`;
      const webhookStatus = sql`
        update integrations.connection
        set webhooks_refused = least(webhooks_refused + ${count}::int, 1000000),
            webhooks_refused_since = coalesce(webhooks_refused_since, now())
        where team_id = ${teamId} and id = ${connectionId} and webhook_secret->>'sealed' = ${secret}`;
      // Runs across teams: rejected webhook events must not use up the team's own share of database connections.
      await acrossTeams('inbound-message', async () => {
        await this.database.affected(statement);
        await this.database.affected(webhookStatus);
      }).catch((error: Error) => this.log.warn(`rejected signatures could not be counted: ${error.message}`));
    }
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.flush();
  }
}
