import type { CallLimits } from '../../../src/contexts/integrations/gateway/domain/vendor.js';
import {
  type BudgetWindow,
  type Purpose,
  usedInAll,
  VendorBudget,
  waitFor,
} from '../../../src/contexts/integrations/gateway/domain/vendor-budget.js';
import { FakeTable } from '../fake-store.js';
import type { IntegrationsTables } from './tables.js';

type Span = 'minute' | 'day';
type Used = BudgetWindow['used'];

interface Row {
  startedAt: Date;
  used: Used;
}

const secondsOf: Record<Span, number> = { minute: 60, day: 86_400 };

/** Passes the suite of `VendorBudget`. Shares are those of the domain. */
export class FakeVendorBudget extends VendorBudget {
  private readonly rows: FakeTable<Row>;

  constructor(private readonly tables: IntegrationsTables) {
    super();
    this.rows = new FakeTable(tables.store);
  }

  async take(
    accountKey: string,
    purpose: Purpose,
    limits: CallLimits,
  ): Promise<{ taken: true } | { taken: false; retryAfterSeconds: number }> {
    const { requestsPerMinute, requestsPerDay, ordersPerDay } = limits;
    const windows = [
      { ...this.window(accountKey, 'minute'), limit: requestsPerMinute, orderCap: null },
      { ...this.window(accountKey, 'day'), limit: requestsPerDay, orderCap: ordersPerDay },
    ];
    const wait = Math.max(...windows.map((window) => waitFor(window, purpose)));
    if (wait > 0) return { taken: false, retryAfterSeconds: Math.max(1, Math.ceil(wait)) };
    for (const span of ['minute', 'day'] as const) {
      const { used, startedAt } = this.window(accountKey, span);
      this.save(accountKey, span, { startedAt, used: { ...used, [purpose]: (used[purpose] ?? 0) + 1 } });
    }
    return { taken: true };
  }

  async giveBack(accountKey: string, purpose: Purpose): Promise<void> {
    const row = this.rows.get(`${accountKey} day`);
    const count = row?.used[purpose] ?? 0;
    if (row && count > 0) this.save(accountKey, 'day', { ...row, used: { ...row.used, [purpose]: count - 1 } });
  }

  async isUnderPressure(accountKey: string, { requestsPerMinute }: CallLimits): Promise<boolean> {
    return this.calls(accountKey, 'minute') * 4 > requestsPerMinute;
  }

  /** Calls of the present window: all, or those for one purpose. */
  calls(accountKey: string, span: Span, purpose?: Purpose): number {
    const window = this.window(accountKey, span);
    return purpose ? (window.used[purpose] ?? 0) : usedInAll({ ...window, limit: 0, orderCap: null });
  }

  private window(accountKey: string, span: Span): Row & { seconds: number; secondsLeft: number } {
    const seconds = secondsOf[span];
    const row = this.rows.get(`${accountKey} ${span}`);
    const secondsLeft = row ? this.tables.secondsUntil(new Date(row.startedAt.getTime() + seconds * 1000)) : 0;
    if (row && secondsLeft > 0) return { ...row, seconds, secondsLeft };
    return { startedAt: this.tables.clock.now(), used: {}, seconds, secondsLeft: seconds };
  }

  private save(accountKey: string, span: Span, row: Row): void {
    this.rows.set(`${accountKey} ${span}`, row);
  }
}
