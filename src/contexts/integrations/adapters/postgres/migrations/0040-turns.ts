import { Migration } from '@mikro-orm/migrations';

const statements = [
  // due_at: when a requested order is tried next; in_line: it waits for its account's turn. erase_due_at: null once nothing is
  // left to do. nudges: how often the reconciler gave it a job.
  `alter table integrations.vendor_order
    add column due_at timestamptz(3),
    add column in_line boolean not null default false,
    add column erase_due_at timestamptz(3),
    add column nudges int not null default 0`,
  `update integrations.vendor_order set erase_due_at = now() where erase_wanted_at is not null and erased_at is null`,
  // Belongs to the vendor account, as its budget does: teams may share one.
  `create index vendor_order_line on integrations.vendor_order (account_key, created_at, id)
    where state = 'requested' and in_line`,
  `create index vendor_order_to_erase on integrations.vendor_order (erase_due_at) where erase_due_at is not null`,
  // revised_at: when its revision last grew.
  `alter table integrations.vendor_case add column revised_at timestamptz(3) not null default now()`,
  `create index vendor_case_by_revision on integrations.vendor_case (revised_at)`,
  // What replaces these rounds finds its work from the orders.
  `delete from integrations.round where kind = 'lost_attempts'`,
  `create view integrations.pub_order as
    select o.team_id, o.id, o.state, o.updated_at as changed_at, v.revision as case_revision, v.revised_at as case_revised_at,
           v.confirmed_at
    from integrations.vendor_order o
    left join integrations.vendor_case v on v.team_id = o.team_id and v.order_id = o.id`,
];

/** When work on an order is due is written beside it, so that work whose job is gone can be found. */
export class Turns extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}
