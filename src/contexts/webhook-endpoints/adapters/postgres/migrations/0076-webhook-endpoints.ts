import { Migration } from '@mikro-orm/migrations';

/** Events for other systems: who gets them, what happened, what waits to be sent, and what came of it. */
export class WebhookEndpoints extends Migration {
  override up(): void {
    this.addSql('create schema if not exists webhook_endpoints');
    this.addSql(`
      create table webhook_endpoints.endpoint (
        team_id uuid not null,
        id uuid not null,
        url text not null,
        description text not null,
        event_types text[] not null,
        include_results boolean not null,
        include_names boolean not null,
        secret text,
        previous_secret text,
        previous_until timestamptz(3),
        disabled_at timestamptz(3),
        disabled_reason text,
        failing_since timestamptz(3),
        created_by uuid not null,
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        deleted_at timestamptz(3),
        primary key (team_id, id)
      )`);
    this.addSql(`
      create table webhook_endpoints.event (
        team_id uuid not null,
        id uuid not null,
        position bigint generated always as identity,
        type text not null,
        subject text not null,
        at timestamptz(3) not null default now(),
        primary key (team_id, id)
      )`);
    this.addSql('create index event_by_age on webhook_endpoints.event (team_id, at)');
    this.addSql(`
      create table webhook_endpoints.announced (
        team_id uuid not null,
        subject text not null,
        revision int,
        is_complete boolean not null default false,
        needs_attention boolean not null default false,
        state text,
        updated_at timestamptz(3) not null default now(),
        primary key (team_id, subject)
      )`);
    this.addSql('create index announced_by_age on webhook_endpoints.announced (team_id, updated_at)');
    // One row for each thing with an event that waits for an endpoint: the place where its events keep their order.
    this.addSql(`
      create table webhook_endpoints.stream (
        team_id uuid not null,
        endpoint_id uuid not null,
        subject text not null,
        due_at timestamptz not null,
        leased_until timestamptz,
        lease uuid,
        primary key (team_id, endpoint_id, subject)
      )`);
    this.addSql('create index stream_by_due on webhook_endpoints.stream (team_id, endpoint_id, due_at)');
    this.addSql(`
      create table webhook_endpoints.delivery (
        team_id uuid not null,
        endpoint_id uuid not null,
        position bigint generated always as identity,
        event_id uuid not null,
        subject text not null,
        type text not null,
        at timestamptz(3) not null,
        state text not null default 'waiting',
        tries int not null default 0,
        created_at timestamptz(3) not null default now(),
        primary key (team_id, endpoint_id, position)
      )`);
    this.addSql(`
      create index delivery_waiting on webhook_endpoints.delivery (team_id, endpoint_id, subject, position)
        where state = 'waiting'`);
    this.addSql('create index delivery_by_age on webhook_endpoints.delivery (team_id, created_at)');
    this.addSql(`
      create table webhook_endpoints.attempt (
        team_id uuid not null,
        endpoint_id uuid not null,
        id uuid not null,
        event_id uuid not null,
        type text not null,
        at timestamptz(3) not null default now(),
        status text not null default 'pending',
        http_status int,
        duration_ms int,
        error text,
        next_try_at timestamptz(3),
        primary key (team_id, id)
      )`);
    this.addSql('create index attempt_by_endpoint on webhook_endpoints.attempt (team_id, endpoint_id, at, id)');
    this.addSql('create index attempt_by_age on webhook_endpoints.attempt (team_id, at)');
  }
}
