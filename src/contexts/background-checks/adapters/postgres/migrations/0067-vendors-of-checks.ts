import { Migration } from '@mikro-orm/migrations';

/** A check names its vendor. The default is the only vendor there was: older releases insert checks without the column. */
export class VendorsOfChecks extends Migration {
  override up(): void {
    this.addSql("alter table background_checks.background_check add column vendor text not null default 'certn'");
  }
}
