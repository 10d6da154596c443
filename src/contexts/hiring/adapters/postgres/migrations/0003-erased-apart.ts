import { Migration } from '@mikro-orm/migrations';

/** Columns that name a person: the planner keeps no samples of them, and loses those that it has. */
const naming: Record<string, Record<string, string>> = {
  candidate: {
    first_name: 'text',
    last_name: 'text',
    email_addresses: 'jsonb',
    phone_numbers: 'jsonb',
    email: 'text',
    external_id: 'text',
    search_text: 'text',
  },
  candidate_email: { canonical: 'text' },
  application: { external_id: 'text' },
};

/** What is erased lives apart from what is not, cannot be in the way of others, and leaves the planner's statistics. */
export class ErasedApart extends Migration {
  override up(): void {
    // A colleague would read how the checks of a colleague ended: of those only whether they were completed is counted.
    this.addSql('alter table hiring.erasure add column outcomes_withheld boolean not null default false');
    this.erasedIds();
    this.links();
    this.failures();
    this.statistics();
  }

  private erasedIds(): void {
    this.addSql(`
      create table hiring.erased_external_id (
        team_id uuid not null,
        kind text not null check (kind in ('candidate', 'application')),
        fingerprint text not null,
        record_id uuid not null,
        primary key (team_id, kind, fingerprint)
      )`);
    this.addSql(`
      insert into hiring.erased_external_id (team_id, kind, fingerprint, record_id)
      select team_id, 'candidate', substr(external_id, 8), id from hiring.candidate
      where anonymised_at is not null and external_id like 'erased:%'
      union all
      select a.team_id, 'application', substr(a.external_id, 8), a.id
      from hiring.application a join hiring.candidate c on c.team_id = a.team_id and c.id = a.candidate_id
      where c.anonymised_at is not null and a.external_id like 'erased:%'
      on conflict do nothing`);
    this.addSql('update hiring.candidate set external_id = null where anonymised_at is not null');
    this.addSql(`
      update hiring.application a set external_id = null from hiring.candidate c
      where c.team_id = a.team_id and c.id = a.candidate_id and c.anonymised_at is not null`);
  }

  /** A user who is a candidate would go on naming them. */
  private links(): void {
    this.addSql(`
      update access.user_account u
      set linked_candidate_ids = array(
        select linked from unnest(u.linked_candidate_ids) linked
        where not exists (select 1 from hiring.candidate c
                          where c.team_id = u.team_id and c.id = linked and c.anonymised_at is not null))
      where exists (select 1 from hiring.candidate c
                    where c.team_id = u.team_id and c.id = any(u.linked_candidate_ids) and c.anonymised_at is not null)`);
  }

  private failures(): void {
    this.addSql(`
      create table hiring.erasure_failure (
        team_id uuid not null,
        candidate_id uuid not null,
        tries int not null,
        first_failed_at timestamptz(3) not null,
        next_try_at timestamptz(3) not null,
        primary key (team_id, candidate_id)
      )`);
  }

  /** Setting a column's type, even to the same one, drops its statistics; the views on it are made again. */
  private statistics(): void {
    this.addSql('drop view hiring.pub_candidate');
    this.addSql('drop view hiring.pub_application');
    for (const [table, columns] of Object.entries(naming)) {
      const all = Object.entries(columns);
      const types = all.map(([column, type]) => `alter column ${column} type ${type}`);
      const samples = all.map(([column]) => `alter column ${column} set statistics 0`);
      this.addSql(`alter table hiring.${table} ${[...types, ...samples].join(', ')}`);
    }
    this.addSql(`
      create view hiring.pub_candidate as
      select team_id, id, first_name, last_name, email, anonymised_at, deleted_at, legal_hold, legal_hold_ended_at
      from hiring.candidate`);
    this.addSql(`
      create view hiring.pub_application as
      select team_id, id, job_id, candidate_id, status, external_id, created_at, updated_at, deleted_at
      from hiring.application`);
  }
}
