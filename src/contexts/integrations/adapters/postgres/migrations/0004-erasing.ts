import { Migration } from '@mikro-orm/migrations';

/** Orders of anonymised candidates lose address and case; a fingerprint of the case stays. */
export class Erasing extends Migration {
  override up(): void {
    this.addSql(`
      alter table integrations.vendor_order
        add column erase_wanted_at timestamptz(3),
        add column erased_at timestamptz(3)`);
    this.addSql('alter table integrations.vendor_case alter column case_id drop not null');
    this.addSql(`
      create table integrations.erased_case (
        team_id uuid not null,
        connection_id uuid not null,
        case_hash text not null,
        primary key (team_id, connection_id, case_hash)
      )`);
    // Teams may share an account: a case that one of them has forgotten must not become another's.
    this.addSql('create index erased_case_by_case on integrations.erased_case (case_hash)');
    // Jobs of the first version carried case ids, those of the second carry fingerprints; the list makes up for them.
    this.addSql(`
      do $$ begin
        if to_regclass('queue.job') is not null then
          delete from queue.job where 'integrations.unknown-case-seen.v1/identify-case' in (name, source_name);
        end if;
      end $$`);
  }
}
