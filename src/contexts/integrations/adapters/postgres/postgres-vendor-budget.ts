import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { UnitOfWork } from '#kernel/ports';
import { Settings } from '#platform/config/settings';
import { Database } from '#platform/database/database';
import { type Purpose, VendorBudget } from '../../domain/vendor-budget.js';

/** Reads stop here, so that orders find room. */
const shareOfReads = 0.8;

type Span = 'minute' | 'day';

interface Window {
  span: Span;
  used: number;
  seconds_left: number;
}

/** Two windows per account, a minute and a day, begun by its first call and kept on the database's clock. */
@Injectable()
export class PostgresVendorBudget extends VendorBudget {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly settings: Settings,
  ) {
    super();
  }

  async take(
    accountKey: string,
    purpose: Purpose,
  ): Promise<{ taken: true } | { taken: false; retryAfterSeconds: number }> {
    return this.unitOfWork.run(async () => {
      const windows = await this.lock(accountKey);
      const full = windows.filter(({ span, used }) => used >= this.limit(span, purpose));
      if (full.length > 0) {
        return { taken: false, retryAfterSeconds: Math.max(1, ...full.map((window) => window.seconds_left)) };
      }
      await this.count(accountKey);
      return { taken: true };
    });
  }

  private limit(span: Span, purpose: Purpose): number {
    const { requestsPerMinute, requestsPerDay } = this.settings.certn;
    const whole = span === 'minute' ? requestsPerMinute : requestsPerDay;
    return purpose === 'order' || purpose === 'urgent' ? whole : Math.max(1, Math.floor(whole * shareOfReads));
  }

  /** Both windows as they are now, held against other replicas until this call is counted or refused. */
  private async lock(accountKey: string): Promise<Window[]> {
    await this.database.affected(sql`
      insert into integrations.vendor_budget (account_key, span, started_at, used, last_call_at)
      select ${accountKey}, span, now(), 0, now() from (values ('day'), ('minute')) as spans (span)
      on conflict (account_key, span) do nothing`);
    return this.database.rows(sql<Window>`
      select span,
             case when ends <= clock_timestamp() then 0 else used end as used,
             greatest(0, ceil(extract(epoch from ends - clock_timestamp())))::int as seconds_left
      from (select b.*, started_at + ('1 ' || span)::interval as ends
            from integrations.vendor_budget b
            where account_key = ${accountKey} order by span for update) as budget`);
  }

  private async count(accountKey: string): Promise<void> {
    await this.database.affected(sql`
      update integrations.vendor_budget
      set used = case when started_at + ('1 ' || span)::interval <= clock_timestamp() then 1 else used + 1 end,
          started_at = case when started_at + ('1 ' || span)::interval <= clock_timestamp()
                            then clock_timestamp() else started_at end,
          last_call_at = clock_timestamp()
      where account_key = ${accountKey}`);
  }
}
