import { Migration } from '@mikro-orm/migrations';

/**
 * A connection names its vendor. The default is the only vendor there was: the last release inserts connections without the
 * column. Orders and cases have their vendor through their connection.
 */
export class VendorsOfConnections extends Migration {
  override up(): void {
    this.addSql("alter table integrations.connection add column vendor text not null default 'certn'");
  }
}
