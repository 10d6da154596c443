import { Migration } from '@mikro-orm/migrations';

/** What an order must remember while nobody knows whether the vendor has it. */
export class OrdersInDoubt extends Migration {
  override up(): void {
    this.addSql(`
      alter table integrations.vendor_order
        add column never_again boolean not null default false,
        add column doubted_from timestamptz(3),
        add column settled_at timestamptz(3),
        add column looks int not null default 0,
        add column look_at timestamptz(3),
        add column absences int not null default 0,
        add column absent_at timestamptz(3),
        add column resends int not null default 0,
        add column resent_at timestamptz(3),
        add column candidates text[] not null default '{}',
        add column refused_cases text[] not null default '{}',
        add column found_by text`);
    this.addSql(`
      create index vendor_order_to_look_for on integrations.vendor_order (team_id, connection_id, look_at)
        where state = 'in_doubt'`);
    // The two that ask across teams belong to the vendor account, as `vendor_order_in_flight` does.
    this.addSql(`
      create index vendor_order_undecided on integrations.vendor_order (email_canonical)
        where state in ('sending', 'in_doubt', 'needs_decision')`);
    this.addSql(`
      create index vendor_order_resent on integrations.vendor_order (account_key, resent_at) where resent_at is not null`);
    this.addSql(`
      create index vendor_order_settled on integrations.vendor_order (team_id, connection_id, settled_at)
        where state = 'ordered'`);
  }
}
