import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { HousekeepingTask } from '#platform/housekeeping/housekeeping-task';
import { days, pieceSize } from '#platform/housekeeping/old-rows';

/** Deletes budgets and circuit breakers of vendor accounts that had no call for a month. */
@Injectable()
export class DeleteIdleAccounts extends HousekeepingTask {
  constructor(private readonly database: Database) {
    super();
  }

  async run(): Promise<number> {
    const budgets = await this.database.affected(sql`
      delete from integrations.vendor_budget where (account_key, span) in (
        select account_key, span from integrations.vendor_budget
        where last_call_at < now() - ${days(30)} limit ${pieceSize} for update skip locked)`);
    const breakers = await this.database.affected(sql`
      delete from integrations.circuit_breaker where account_key in (
        select b.account_key from integrations.circuit_breaker b
        where not exists (select from integrations.vendor_budget u where u.account_key = b.account_key)
          and not exists (select from integrations.connection c where c.account_key = b.account_key)
          and coalesce(greatest(b.open_until, b.resend_cool_down_until, b.trial_until, b.throttled_until), '-infinity') < now()
        limit ${pieceSize} for update skip locked)`);
    return budgets + breakers;
  }
}
