import { Migration } from '@mikro-orm/migrations';
import { lockTables } from '#platform/database/former-names';

/** What the migrations of 0.8 change, here and in the contexts whose migrations follow in the same transaction. */
const changedByThisRelease = [
  'interview_planning.item',
  'background_checks.background_check',
  'background_checks.remembered_send',
  ...[
    'connection',
    'package',
    'vendor_order',
    'delivery',
    'orphan',
    'finding',
    'round',
    'silence',
    'vendor_breaker',
  ].map((table) => `integrations.${table}`),
];

/**
 * An activity names its kind and, for kinds that a vendor carries out, its vendor. Releases before 0.8 read and write both in
 * `type`, in one word: `<vendor>_background_check`. So the columns are made from it, and can never differ from it.
 */
export class VendorsOfActivities extends Migration {
  override up(): void {
    this.addSql(lockTables(changedByThisRelease));
    this.addSql(`
      alter table interview_planning.item
        add column kind text not null generated always as (
          case when type like '%\\_background\\_check' then 'background_check' else type end) stored,
        add column vendor text generated always as (
          case when type like '%\\_background\\_check' then left(type, -length('_background_check')) end) stored`);
    this.addSql(`
      alter table interview_planning.item
        drop constraint item_check,
        add constraint item_package_check
          check ((kind = 'background_check') = (package_id is not null and package_name is not null))`);
    this.addSql(`
      create or replace view interview_planning.pub_item with (security_invoker = true) as
      select i.team_id, i.id, i.stage_id, s.job_id, i.type, i.name, i.package_id, i.package_name, i.deleted_at, i.kind, i.vendor
      from interview_planning.item i
      join interview_planning.stage s on s.team_id = i.team_id and s.id = i.stage_id`);
  }
}
