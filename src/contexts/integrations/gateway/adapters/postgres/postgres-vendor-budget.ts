import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { UnitOfWork } from '#kernel/ports';
import { Database } from '#platform/database/database';
import type { CallLimits } from '../../domain/vendor.js';
import { type BudgetWindow, type Purpose, VendorBudget, waitFor } from '../../domain/vendor-budget.js';

type Span = 'minute' | 'day';
const secondsOf: Record<Span, number> = { minute: 60, day: 86_400 };

interface Row {
  span: Span;
  used_for: BudgetWindow['used'];
  seconds_left: number;
}

function windowOf({ span, used_for: used, seconds_left: secondsLeft }: Row, limits: CallLimits): BudgetWindow {
  const { requestsPerMinute, requestsPerDay, ordersPerDay } = limits;
  const [limit, orderCap] = span === 'minute' ? [requestsPerMinute, null] : [requestsPerDay, ordersPerDay];
  return { limit, orderCap, used, secondsLeft, seconds: secondsOf[span] };
}

/** Two windows per account, a minute and a day. Each starts with its first call and runs on the database's clock. */
@Injectable()
export class PostgresVendorBudget extends VendorBudget {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {
    super();
  }

  async take(
    accountKey: string,
    purpose: Purpose,
    limits: CallLimits,
  ): Promise<{ taken: true } | { taken: false; retryAfterSeconds: number }> {
    return this.unitOfWork.run(async () => {
      const windows = await this.lockBoth(accountKey, limits);
      const wait = Math.max(...windows.map((window) => waitFor(window, purpose)));
      if (wait > 0) return { taken: false, retryAfterSeconds: Math.max(1, Math.ceil(wait)) };
      await this.count(accountKey, purpose);
      return { taken: true };
    });
  }

  async giveBack(accountKey: string, purpose: Purpose): Promise<void> {
    await this.database.affected(sql`
      update integrations.vendor_budget
      set used = used - 1,
          used_for = jsonb_set(used_for, array[${purpose}::text], to_jsonb((used_for ->> ${purpose}::text)::int - 1))
      where account_key = ${accountKey} and span = 'day' and (used_for ->> ${purpose}::text)::int > 0`);
  }

  async isUnderPressure(accountKey: string, { requestsPerMinute }: CallLimits): Promise<boolean> {
    const row = await this.database.first(sql`
      select 1 from integrations.vendor_budget
      where account_key = ${accountKey} and span = 'minute' and started_at + interval '1 minute' > clock_timestamp()
        and used * 4 > ${requestsPerMinute}::int`);
    return row !== null;
  }

  /** Both windows as they are now, locked against other replicas until this call is counted or refused. */
  private async lockBoth(accountKey: string, limits: CallLimits): Promise<BudgetWindow[]> {
    const present = await this.lock(accountKey, limits);
    if (present.length === 2) return present;
    await this.database.affected(sql`
      insert into integrations.vendor_budget (account_key, span, started_at, used, last_call_at)
      select ${accountKey}, span, now(), 0, now() from (values ('day'), ('minute')) as spans (span)
      on conflict (account_key, span) do nothing`);
    return this.lock(accountKey, limits);
  }

  private async lock(accountKey: string, limits: CallLimits): Promise<BudgetWindow[]> {
    const rows = await this.database.rows(sql<Row>`
      select span,
             case when ends <= clock_timestamp() then '{}'::jsonb else used_for end as used_for,
             case when ends <= clock_timestamp() then length
                  else extract(epoch from ends - clock_timestamp())::float8 end as seconds_left
      from (select b.*, started_at + ('1 ' || span)::interval as ends,
                   extract(epoch from ('1 ' || span)::interval)::float8 as length
            from integrations.vendor_budget b
            where account_key = ${accountKey} order by span for update) as budget`);
    return rows.map((row) => windowOf(row, limits));
  }

  private async count(accountKey: string, purpose: Purpose): Promise<void> {
    await this.database.affected(sql`
      update integrations.vendor_budget b
      set used = case when over then 1 else b.used + 1 end,
          used_for = case when over then jsonb_build_object(${purpose}::text, 1)
            else jsonb_set(b.used_for, array[${purpose}::text], to_jsonb(coalesce((b.used_for ->> ${purpose}::text)::int, 0) + 1)) end,
          started_at = case when over then clock_timestamp() else b.started_at end,
          last_call_at = clock_timestamp()
      from (select span, started_at + ('1 ' || span)::interval <= clock_timestamp() as over
            from integrations.vendor_budget where account_key = ${accountKey}) as ended
      where b.account_key = ${accountKey} and b.span = ended.span`);
  }
}
