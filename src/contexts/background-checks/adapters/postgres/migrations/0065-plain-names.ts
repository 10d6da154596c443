import { Migration } from '@mikro-orm/migrations';
import { renameTables } from '#platform/database/former-names';

/** A table in the words of `docs/language.md`. Releases up to 0.7 go on under the old name. */
export class PlainNames extends Migration {
  override up(): void {
    const table = {
      schema: 'background_checks',
      from: 'remembered_send',
      to: 'idempotency_record',
      columns: 'team_id user_id path key body check_id answer created_at',
      byPlace: true,
    };
    for (const statement of renameTables([table])) this.addSql(statement);
  }
}
