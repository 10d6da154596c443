import { Migration } from '@mikro-orm/migrations';

const personal = `array['name', 'email', 'external_id', 'linked_candidate_ids']`;

/** The fields of an entry about a user, without their values and with the names of the fields that had one. */
const withoutPeople = (column: string): string => `
  (${column} - ${personal}) || case when jsonb_exists_any(${column}, ${personal})
    then jsonb_build_object('changed', to_jsonb(array(
      select field from jsonb_object_keys(${column}) field where field = any(${personal}) order by 1)))
    else '{}'::jsonb end`;

/** Removes what names a person from audit entries, and adds the table of fingerprint keys. */
export class Forgetting extends Migration {
  override up(): void {
    this.auditWithoutPeople();
    this.fingerprintKeys();
  }

  /**
   * Entries about users held names, addresses, external ids and links. Entries can only be added, so these values could never be
   * erased. This migration removes them once. From now on an entry only says which of these fields changed.
   */
  private auditWithoutPeople(): void {
    this.addSql('alter table platform.audit_entry disable trigger audit_entry_append_only');
    this.addSql(`
      update platform.audit_entry set before = ${withoutPeople('before')}, after = ${withoutPeople('after')}
      where entity = 'user' and (jsonb_exists_any(before, ${personal}) or jsonb_exists_any(after, ${personal}))`);
    this.addSql('alter table platform.audit_entry enable always trigger audit_entry_append_only');
    // The column statistics would still quote old entries. Setting the type, even to the same one, drops them.
    this.addSql('alter table platform.audit_entry alter column before type jsonb, alter column after type jsonb');
  }

  /** Sealed with the keyring. One key is the installation's own; others came with a replayed ledger of erasures. */
  private fingerprintKeys(): void {
    this.addSql(`
      create table platform.fingerprint_key (
        kid text primary key,
        sealed text not null,
        own boolean not null
      )`);
    this.addSql('create unique index fingerprint_key_own on platform.fingerprint_key (own) where own');
  }
}
