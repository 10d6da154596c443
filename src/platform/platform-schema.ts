import { Migration } from '@mikro-orm/migrations';
import { AppendOnly } from './audit/append-only.js';
import { ChainedWhen, ChainTable } from './audit/chain-table.js';
import { Forgetting } from './audit/forgetting.js';
import { ChangeTables } from './changes/change-tables.js';
import { RecurringFaultTable } from './recurring/recurring-fault-table.js';
import type { ContextSchema } from './database/context-schema.js';
import { RequestKeyTable } from './idempotency/request-key-table.js';
import { SubscriptionTable } from './events/subscription-table.js';
import { DatabaseIdentity } from './database/identity.js';

class Start extends Migration {
  override up(): void {
    this.addSql(`
      create table platform.audit_entry (
        team_id uuid not null,
        id uuid not null,
        at timestamptz not null,
        actor_id uuid,
        action text not null,
        entity text not null,
        entity_id text not null,
        outcome text not null,
        before jsonb not null,
        after jsonb not null,
        ip text,
        primary key (team_id, id)
      )`);
    this.addSql('create index audit_entry_by_entity on platform.audit_entry (team_id, entity, entity_id, id)');
  }
}

class RateLimit extends Migration {
  override up(): void {
    // Unlogged: counts of one minute are not worth a write to the log, and a crash may lose them.
    this.addSql(`
      create unlogged table platform.rate_limit (
        key varchar(255) primary key,
        points integer not null default 0,
        expire bigint
      )`);
  }
}

/** Tables of the platform itself. The queue's are pg-boss's own, in the schema `queue`. */
export const platformSchema: ContextSchema = {
  name: 'platform',
  entities: [],
  migrations: [
    { name: '0001-start', class: Start },
    { name: '0002-rate-limit', class: RateLimit },
    { name: '0003-append-only-audit', class: AppendOnly },
    { name: '0004-audit-chain', class: ChainTable },
    { name: '0008-forgetting', class: Forgetting },
    { name: '0020-subscriptions', class: SubscriptionTable },
    { name: '0021-recurring-faults', class: RecurringFaultTable },
    { name: '0030-database-identity', class: DatabaseIdentity },
    { name: '0060-chained-when', class: ChainedWhen },
    { name: '0072-request-keys', class: RequestKeyTable },
    { name: '0074-changes', class: ChangeTables },
  ],
  columns: {
    // Ids only; `ip` is where a request came from. Kept.
    audit_entry: { act: 'action entity entity_id outcome before after ip' },
    audit_chain: { nothing: 'hash' },
    pending_change: { nothing: 'type lost' },
    change: { nothing: 'type' },
    rate_limit: { nothing: 'key' },
    fingerprint_key: { nothing: 'kid', secret: 'sealed' },
    subscription: { nothing: 'queue wire_name coalesce_by formerly retired' },
    recurring_fault: { nothing: 'work subject why' },
    migration: { nothing: 'name' },
    database_identity: { nothing: 'identity' },
    // Deleted after a day.
    request_key: { nothing: 'path', fingerprint: 'key body' },
  },
};
