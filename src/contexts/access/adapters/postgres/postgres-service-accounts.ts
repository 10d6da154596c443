import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { signInEndedChannel } from '#platform/auth/ports';
import { Database, violatedConstraint } from '#platform/database/database';
import { clientAlreadyLinked } from '../../domain/errors.js';
import { ServiceAccount } from '../../domain/service-account.js';
import { type IssuedKey, type NewKey, ServiceAccounts } from '../../domain/service-accounts.js';
import { hashOfKey, newApiKey } from '../identity/api-key.js';

@Injectable()
export class PostgresServiceAccounts extends ServiceAccounts {
  constructor(
    private readonly em: EntityManager,
    private readonly database: Database,
  ) {
    super();
  }

  async find(teamId: string, id: Id): Promise<ServiceAccount | null> {
    return this.em.findOne(ServiceAccount, { teamId, id, deletedAt: null });
  }

  async countOf(teamId: string): Promise<number> {
    return this.em.count(ServiceAccount, { teamId, deletedAt: null });
  }

  async add(account: ServiceAccount): Promise<void> {
    this.em.persist(account);
    await this.flush();
  }

  async save(account: ServiceAccount): Promise<void> {
    await this.flush();
    if (account.deletedAt) {
      await this.database.affected(sql`
        delete from access.api_key where team_id = ${account.teamId} and service_account_id = ${account.id}`);
    }
    await this.notify(account);
  }

  async countKeys({ teamId, id }: ServiceAccount): Promise<number> {
    const row = await this.database.first(sql<{ keys: number }>`
      select count(*)::int as keys from access.api_key
      where team_id = ${teamId} and service_account_id = ${id} and expires_at > now()`);
    return row?.keys ?? 0;
  }

  async issueKey({ teamId, id }: ServiceAccount, { id: keyId, expiresInDays }: NewKey): Promise<IssuedKey> {
    const key = newApiKey();
    const last4 = key.slice(-4);
    const row = await this.database.first(sql<{ ms: number }>`
      insert into access.api_key (team_id, id, service_account_id, hash, last4, created_at, expires_at)
      values (${teamId}, ${keyId}, ${id}, ${hashOfKey(key)}, ${last4}, now(), now() + make_interval(days => ${expiresInDays}))
      returning extract(epoch from expires_at)::float8 * 1000 as ms`);
    return { key, last4, expiresAt: new Date(row?.ms ?? 0) };
  }

  async revokeKey(account: ServiceAccount, keyId: Id): Promise<boolean> {
    const revoked = await this.database.affected(sql`
      delete from access.api_key
      where team_id = ${account.teamId} and service_account_id = ${account.id} and id = ${keyId}`);
    await this.notify(account);
    return revoked === 1;
  }

  private async flush(): Promise<void> {
    try {
      await this.em.flush();
    } catch (error) {
      throw violatedConstraint(error) === 'service_account_client' ? clientAlreadyLinked() : error;
    }
  }

  /** The replicas are notified if and when the change is committed. */
  private async notify({ id }: ServiceAccount): Promise<void> {
    await this.database.rows(sql`select pg_notify(${signInEndedChannel}, ${id})`);
  }
}
