import { Migration } from '@mikro-orm/migrations';

/**
 * Entries of the sign-in directory belong to their team until the person binds them by signing in: addresses and external
 * ids are unique within a team, no longer across teams. `issuer` is set once an entry is bound.
 */
export class SignInByPerson extends Migration {
  override up(): void {
    this.addSql(`
      alter table access.sign_in
        add column issuer text,
        alter column email drop not null,
        drop constraint sign_in_email,
        drop constraint sign_in_external_id,
        add constraint sign_in_email unique (team_id, email),
        add constraint sign_in_external_id unique (team_id, external_id)`);
    this.addSql('create index sign_in_by_email on access.sign_in (email)');
    this.addSql('create index sign_in_by_external_id on access.sign_in (external_id)');
    // Such addresses were folded letter by letter, look-alikes included. Saving the user lists theirs again if it may count.
    this.addSql(`
      update access.sign_in s set email = null from access.user_account u
      where u.team_id = s.team_id and u.id = s.user_id and u.email ~ '[^\\x01-\\x7f]'`);
  }
}
