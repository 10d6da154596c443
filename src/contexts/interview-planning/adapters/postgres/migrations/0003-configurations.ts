import { Migration } from '@mikro-orm/migrations';

/**
 * The configuration of an activity. Kinds that version 0.4 knows keep theirs in `name`, `package_id` and `package_name`, because
 * 0.4 writes these columns too while it runs beside this version: two places for one fact would come to differ. The registry
 * (`activities/`) knows the kinds, so the table does not list them any more.
 */
export class Configurations extends Migration {
  override up(): void {
    this.addSql(`
      alter table interview_planning.item
        add configuration jsonb check (jsonb_typeof(configuration) = 'object'),
        drop constraint item_type_check`);
  }
}
