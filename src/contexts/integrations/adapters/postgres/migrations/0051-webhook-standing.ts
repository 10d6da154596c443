import { Migration } from '@mikro-orm/migrations';

/** What is known of a connection's webhook: since when events with the saved secret arrive, and since when they are refused. */
export class WebhookStanding extends Migration {
  override up(): void {
    this.addSql(`
      alter table integrations.connection
        add column webhooks_working_since timestamptz(3),
        add column webhooks_refused_since timestamptz(3),
        add column webhooks_refused int not null default 0`);
    // Before this, nothing told which of two secrets an event was signed with.
    this.addSql(`
      update integrations.connection c set webhooks_working_since = (
        select min(d.announced_at) from integrations.delivery d
        where d.team_id = c.team_id and d.connection_id = c.id
          and d.announced_at >= (c.webhook_secret ->> 'savedAt')::timestamptz)`);
    // One or two refusals prove nothing: whoever knows a case could send them.
    this.addSql(`
      create view integrations.webhook_standing as
      select team_id, id as connection_id, webhooks_refused as refused,
        case when webhooks_refused >= 3 then 'refused'
             when webhooks_working_since is not null then 'working' else 'waiting' end as state,
        case when webhooks_refused >= 3 then webhooks_refused_since else webhooks_working_since end as since,
        case when webhooks_refused < 3 then null
             when webhooks_working_since is null then 'wrong_secret' else 'secret_changed' end as likely_cause
      from integrations.connection`);
  }
}
