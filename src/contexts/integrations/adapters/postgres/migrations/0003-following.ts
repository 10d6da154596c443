import { Migration } from '@mikro-orm/migrations';

const statements = [
  // What has to be done again and again for a connection, and when. Few rows: looked through whole, once a second.
  // was_due: when the step under way was due; the next one is planned from there, so that a round does not grow by its delays.
  `create table integrations.round (
    team_id uuid not null,
    connection_id uuid not null,
    kind text not null,
    due_at timestamptz(3) not null,
    was_due timestamptz(3),
    interval_seconds int not null,
    progress jsonb not null default '{}',
    primary key (team_id, connection_id, kind)
  )`,
  `create table integrations.finding (
    team_id uuid not null,
    id uuid not null,
    connection_id uuid not null,
    kind text not null,
    case_id text not null,
    order_id uuid,
    ordered_at timestamptz(3) not null,
    found_at timestamptz(3) not null default now(),
    primary key (team_id, id)
  )`,
  'create unique index finding_case on integrations.finding (team_id, connection_id, kind, case_id)',
  // Changes that no webhook announced, since the last one that did.
  `create table integrations.silence (
    team_id uuid not null,
    connection_id uuid not null,
    missed int not null,
    first_missed_at timestamptz(3) not null,
    told_at timestamptz(3),
    primary key (team_id, connection_id)
  )`,
  // read_at: when the case itself was last read, not through a list. ordered_at: on the vendor's clock, as lists filter by it.
  `alter table integrations.vendor_case
    add column read_at timestamptz(3),
    add column ordered_at timestamptz(3)`,
  'update integrations.vendor_case set read_at = confirmed_at, ordered_at = created_at',
  `alter table integrations.vendor_case
    alter column read_at set not null, alter column read_at set default now(),
    alter column ordered_at set not null, alter column ordered_at set default now()`,
  'create index vendor_case_by_time on integrations.vendor_case (team_id, connection_id, ordered_at, order_id)',
  `create index vendor_case_open on integrations.vendor_case (team_id, connection_id, ordered_at, order_id)
    where state not in ('complete', 'cancelled', 'declined', 'expired', 'undeliverable')`,
  'create index vendor_case_by_case on integrations.vendor_case (team_id, connection_id, case_id)',
  'create index vendor_order_by_address on integrations.vendor_order (team_id, email_canonical)',
  // announced_at: when a webhook brought it; null while only the feed did. digest: of the first webhook's bytes.
  `alter table integrations.delivery
    add column announced_at timestamptz(3),
    add column digest text,
    add column repeat_id uuid,
    add column repeated_at timestamptz(3),
    add column conflicts int not null default 0`,
  'update integrations.delivery set announced_at = received_at',
  'create index delivery_repeat on integrations.delivery (team_id, repeat_id) where repeat_id is not null',
  `create index delivery_unannounced on integrations.delivery (team_id, connection_id, received_at)
    where announced_at is null`,
  // How many of the calls were for what: every purpose has a share of its own.
  `alter table integrations.vendor_budget
    add column used_for jsonb not null default '{}'`,
  // Connections whose webhooks are silent: three changes or more that we had to find ourselves, since the last webhook. What
  // the feed brought counts after ten minutes, because a webhook may be late.
  `create view integrations.webhook_silence as
    select c.team_id, c.id as connection_id, least(fed.first_at, swept.first_at) as since
    from integrations.connection c
    cross join lateral (
      select coalesce(max(newest.announced_at), '-infinity') as at
      from (select d.announced_at from integrations.delivery d
            where d.team_id = c.team_id and d.connection_id = c.id and d.announced_at is not null
            order by d.id desc limit 20) newest) webhook
    cross join lateral (
      select count(*) as changes, min(unannounced.received_at) as first_at
      from (select d.received_at from integrations.delivery d
            where d.team_id = c.team_id and d.connection_id = c.id and d.announced_at is null
              and d.received_at > webhook.at and d.received_at < now() - interval '10 minutes'
            order by d.received_at limit 3) unannounced) fed
    left join lateral (
      select s.missed as changes, s.first_missed_at as first_at from integrations.silence s
      where s.team_id = c.team_id and s.connection_id = c.id and s.first_missed_at > webhook.at) swept on true
    where fed.changes + coalesce(swept.changes, 0) >= 3`,
];

/** Rounds over what is followed, and what they find. */
export class Following extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}
