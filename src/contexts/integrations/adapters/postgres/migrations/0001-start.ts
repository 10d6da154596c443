import { Migration } from '@mikro-orm/migrations';

const tables = [
  `create table integrations.connection (
    team_id uuid not null,
    id uuid not null,
    region text not null,
    environment text not null,
    current boolean not null,
    api_key jsonb not null,
    webhook_secret jsonb not null,
    previous_webhook_secret text,
    previous_accepted_until timestamptz(3),
    account_key text not null,
    disabled_at timestamptz(3),
    attention jsonb,
    last_error jsonb,
    packages_fetched_at timestamptz(3),
    version int not null default 1,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    primary key (team_id, id)
  )`,
  'create unique index connection_current on integrations.connection (team_id) where current',
  `create table integrations.package (
    team_id uuid not null,
    connection_id uuid not null,
    id text not null,
    name text not null,
    active boolean not null,
    position int not null,
    primary key (team_id, connection_id, id)
  )`,
  `create table integrations.vendor_order (
    team_id uuid not null,
    id uuid not null,
    connection_id uuid not null,
    account_key text not null,
    package_id text not null,
    email text not null,
    email_canonical text not null,
    state text not null,
    attempt int not null default 0,
    sending_since timestamptz(3),
    deadline timestamptz(3),
    message text,
    waiting_for text,
    case_id text,
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz(3) not null default now(),
    primary key (team_id, id)
  )`,
  'create unique index vendor_order_case on integrations.vendor_order (team_id, connection_id, case_id)',
  `create index vendor_order_open on integrations.vendor_order (team_id, state)
    where state in ('requested', 'sending', 'in_doubt')`,
  // Belongs to the vendor account, not to a team: teams may share an account, and their orders could be mistaken too.
  `create unique index vendor_order_in_flight on integrations.vendor_order (account_key, email_canonical)
    where state in ('sending', 'in_doubt')`,
  // Found by what a notice names: before that nobody knows the team.
  `create table integrations.case_directory (
    host text not null,
    case_id text not null,
    team_id uuid not null,
    order_id uuid not null,
    primary key (host, case_id)
  )`,
  'create index case_directory_by_case on integrations.case_directory (case_id)',
  `create table integrations.vendor_case (
    team_id uuid not null,
    order_id uuid not null,
    connection_id uuid not null,
    case_id text not null,
    short_id text,
    state text not null,
    result text,
    vendor_status text not null,
    vendor_score text,
    revision int not null,
    confirmed_at timestamptz(3) not null,
    created_at timestamptz(3) not null default now(),
    primary key (team_id, order_id)
  )`,
  `create table integrations.delivery (
    team_id uuid not null,
    id uuid not null,
    connection_id uuid not null,
    order_id uuid not null,
    case_id text not null,
    event_id text,
    event_type text not null,
    received_at timestamptz(3) not null default now(),
    outcome text,
    failure text,
    primary key (team_id, id)
  )`,
  'create unique index delivery_event on integrations.delivery (team_id, connection_id, event_id)',
  'create index delivery_by_order on integrations.delivery (team_id, order_id, received_at)',
  `create table integrations.orphan (
    team_id uuid not null,
    connection_id uuid not null,
    case_id text not null,
    received_at timestamptz(3) not null default now(),
    primary key (team_id, connection_id, case_id)
  )`,
  `create table integrations.report (
    team_id uuid not null,
    order_id uuid not null,
    report_id text not null,
    requested_at timestamptz(3) not null default now(),
    primary key (team_id, order_id)
  )`,
  `create table integrations.rejected_signature (
    team_id uuid not null,
    connection_id uuid not null,
    hour timestamptz(3) not null,
    count int not null,
    primary key (team_id, connection_id, hour)
  )`,
  // Belongs to the vendor account. 'minute' and 'day' windows, one row each.
  `create table integrations.vendor_budget (
    account_key text not null,
    span text not null,
    started_at timestamptz(3) not null,
    used int not null,
    last_call_at timestamptz(3) not null,
    primary key (account_key, span)
  )`,
  `create view integrations.pub_package as
    select p.team_id, p.id, p.name, p.active
    from integrations.package p
    join integrations.connection c on c.team_id = p.team_id and c.id = p.connection_id and c.current`,
];

export class Start extends Migration {
  override up(): void {
    for (const table of tables) this.addSql(table);
  }
}
