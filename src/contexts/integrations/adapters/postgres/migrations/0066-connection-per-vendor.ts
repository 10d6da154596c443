import { Migration } from '@mikro-orm/migrations';

/**
 * A team has one current connection to each vendor. Releases that know one connection of a team go on for teams that have one.
 * A package belongs to its vendor: two vendors may use the same id.
 */
export class ConnectionPerVendor extends Migration {
  override up(): void {
    this.addSql(`
      create unique index connection_current_of_vendor on integrations.connection (team_id, vendor) where current`);
    this.addSql('drop index integrations.connection_current');
    this.addSql(`
      create or replace view integrations.pub_package with (security_invoker = true) as
      select p.team_id, p.id, p.name, p.active, c.vendor
      from integrations.package p
      join integrations.connection c on c.team_id = p.team_id and c.id = p.connection_id and c.current`);
  }
}
