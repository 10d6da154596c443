import { Migration } from '@mikro-orm/migrations';

/**
 * Which queue gets which event, for all running releases; publishers read it. `subscribed`: gets new events. `formerly`: queues that
 * had the same work in earlier releases. `worked_at`: when a running release last recorded that it works this queue. `retired`: why
 * no release will work it any more.
 */
export class SubscriptionTable extends Migration {
  override up(): void {
    this.addSql(`
      create table platform.subscription (
        queue text primary key,
        wire_name text not null,
        coalesce_by text[],
        formerly text[] not null default '{}',
        subscribed boolean not null,
        worked_at timestamptz(3),
        retired text
      )`);
    this.addSql(
      'create index subscription_of_event on platform.subscription (wire_name) include (queue) where subscribed',
    );
  }
}
