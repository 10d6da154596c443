import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { UnitOfWork } from '#kernel/ports';
import { Database } from '#platform/database/database';
import {
  admission,
  type Admission,
  afterOrder,
  afterThrottle,
  type CircuitBreaker,
  type CircuitBreakerRules,
  type OutgoingCall,
  type OrderSignal,
  closedBreaker,
  VendorCircuitBreaker,
  withTrialCall,
} from '../../domain/vendor-circuit-breaker.js';
import { IntegrationsSettings } from '../../../settings.js';

/** The longest time that the read before a trial call takes. */
const readSeconds = 20;
/** Seconds after which a past throttling pause no longer lengthens the next one. */
const throttleMemory = 60;

const left = (column: string) =>
  sql`greatest(0, coalesce(extract(epoch from ${sql.ref(column)} - clock_timestamp()), 0))::float8`;
const until = (seconds: number) =>
  sql`case when ${seconds}::float8 > 0 then clock_timestamp() + ${seconds}::float8 * interval '1 second' end`;

@Injectable()
export class PostgresVendorCircuitBreaker extends VendorCircuitBreaker {
  private readonly rules: CircuitBreakerRules;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    { breaker, orders }: IntegrationsSettings,
  ) {
    super();
    const trialSeconds = Math.ceil(orders.timeoutMs / 1000) + readSeconds;
    this.rules = { failuresToOpen: breaker.failures, openSeconds: breaker.seconds, trialSeconds };
  }

  async admit(accountKey: string, leaving: OutgoingCall): Promise<Admission> {
    const breaker = await this.read(accountKey);
    const first = admission(breaker ?? closedBreaker, leaving, this.rules);
    if (first.kind !== 'trial') return first;
    let decided: Admission = first;
    await this.change(accountKey, (present) => {
      decided = admission(present, leaving, this.rules);
      return decided.kind === 'trial' ? withTrialCall(present, this.rules) : present;
    });
    return decided;
  }

  async noteOrder(accountKey: string, sign: OrderSignal): Promise<number> {
    // In the usual case this order and the one before it worked, and there is nothing to write.
    if (sign !== 'failed' && !(await this.read(accountKey))?.failures) return 0;
    return (await this.change(accountKey, (breaker) => afterOrder(breaker, sign, this.rules))).openFor;
  }

  async noteThrottle(accountKey: string, statedSeconds: number | null): Promise<void> {
    await this.change(accountKey, (breaker) => afterThrottle(breaker, statedSeconds));
  }

  private async change(accountKey: string, to: (breaker: CircuitBreaker) => CircuitBreaker): Promise<CircuitBreaker> {
    return this.unitOfWork.run(async () => {
      await this.database.affected(sql`
        insert into integrations.circuit_breaker (account_key) values (${accountKey}) on conflict do nothing`);
      const next = to((await this.read(accountKey, sql`for update`)) ?? closedBreaker);
      await this.database.affected(sql`
        update integrations.circuit_breaker
        set failures = ${next.failures}, times_opened = ${next.timesOpened}, throttle_pause = ${next.throttlePause},
            open_until = ${until(next.openFor)}, resend_cool_down_until = ${until(next.resendCoolDownFor)},
            trial_until = ${until(next.trialFor)},
            throttled_until = case when ${next.throttledFor}::float8 > 0 then ${until(next.throttledFor)} else throttled_until end
        where account_key = ${accountKey}`);
      return next;
    });
  }

  private read(accountKey: string, lock = sql``): Promise<CircuitBreaker | null> {
    return this.database.first(sql<CircuitBreaker>`
      select failures, times_opened as "timesOpened", ${left('open_until')} as "openFor", ${left('resend_cool_down_until')} as "resendCoolDownFor",
             ${left('trial_until')} as "trialFor", ${left('throttled_until')} as "throttledFor",
             case when throttled_until > clock_timestamp() - ${throttleMemory} * interval '1 second' then throttle_pause
               end as "throttlePause"
      from integrations.circuit_breaker where account_key = ${accountKey} ${lock}`);
  }
}
