import { Migration } from '@mikro-orm/migrations';
import { type RenamedTable, renameTables } from '#platform/database/former-names';

const tables: Omit<RenamedTable, 'schema'>[] = [
  {
    from: 'vendor_order',
    to: 'order',
    columns: `team_id id connection_id account_key package_id email email_canonical state attempt sending_since deadline message
      waiting_for case_id created_at updated_at do_not_send=never_again unknown_since=doubted_from visible_at=settled_at
      reconciliations=looks reconcile_at=look_at absences absent_at resends resent_at candidates refused_cases found_by
      erase_wanted_at erased_at due_at in_line erase_due_at nudges`,
    keptIndexes: ['vendor_order_in_flight'],
  },
  {
    from: 'delivery',
    to: 'inbound_event',
    columns: `team_id id connection_id order_id case_id event_id event_type received_at outcome failure announced_at digest repeat_id
      repeated_at conflicts`,
    byPlace: true,
  },
  {
    from: 'orphan',
    to: 'unmatched_case',
    columns: 'team_id connection_id case_id received_at fingerprint',
    byPlace: true,
  },
  {
    from: 'finding',
    to: 'discrepancy',
    columns: 'team_id id connection_id kind case_id order_id ordered_at found_at fingerprint',
    byPlace: true,
  },
  {
    from: 'round',
    to: 'scheduled_task',
    columns: 'team_id connection_id kind due_at was_due interval_seconds progress',
  },
  {
    from: 'silence',
    to: 'missed_webhooks',
    columns: 'team_id connection_id missed first_missed_at notified_at=told_at',
  },
  {
    from: 'vendor_breaker',
    to: 'circuit_breaker',
    columns: `account_key failures times_opened=openings open_until=held_until resend_cool_down_until=spared_until
      trial_until=probe_until throttled_until throttle_pause`,
  },
];

/** Views that older releases read under the old name. */
const views = [
  ['webhook_standing', 'webhook_status'],
  ['webhook_silence', 'connection_missing_webhooks'],
] as const;

/** Tables, columns and views in the words of `docs/language.md`. Releases up to 0.7 go on under the old names. */
export class PlainNames extends Migration {
  override up(): void {
    for (const statement of renameTables(tables.map((table) => ({ schema: 'integrations', ...table }))))
      this.addSql(statement);
    this.addSql('alter index integrations.order_to_look_for rename to order_to_reconcile');
    this.addSql('alter index integrations.order_settled rename to order_visible');
    for (const [from, to] of views) {
      this.addSql(`alter view integrations.${from} rename to ${to}`);
      this.addSql(`alter view integrations.${to} set (security_invoker = true)`);
      this.addSql(
        `create view integrations.${from} with (security_invoker = true) as select * from integrations.${to}`,
      );
      this.addSql(`grant select on integrations.${from} to public`);
    }
  }
}
