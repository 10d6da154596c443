import { Migration } from '@mikro-orm/migrations';

/** Two vendors, or two hosts of one, may give two cases the same id. A row without a host, as releases before 0.8 write it, means every host. */
export class ErasedCasesHaveAHost extends Migration {
  override up(): void {
    this.addSql('alter table integrations.erased_case add column host text');
  }
}
