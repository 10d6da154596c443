import type { CallLimits } from './vendor.js';

/**
 * What a call is for. `order`: a paid order · `urgent`: what an order or a waiting person depends on (reconciling,
 * cancelling). Both use the share of orders, which no other purpose uses · `read`: one case, a list of packages, a report, the
 * daily reconciliation · `test`: testing a key or the connection, a small part of the share of reads, because an admin may
 * repeat it at will · `sweep`: polling open cases through the list · `feed`: the events feed.
 */
export type Purpose = 'order' | 'urgent' | 'read' | 'test' | 'sweep' | 'feed';

type Share = 'orders' | 'read' | 'sweep' | 'feed';

/** How the calls of a window are divided. */
export const budgetShares: Record<Share, number> = { orders: 0.2, read: 0.4, sweep: 0.3, feed: 0.1 };

const shares: Record<Purpose, Share> = {
  order: 'orders',
  urgent: 'orders',
  read: 'read',
  test: 'read',
  sweep: 'sweep',
  feed: 'feed',
};
const shareOf = (purpose: Purpose): Share => shares[purpose];

/** Within the share of reads, tests may use an eighth of the window's calls, accruing as the window passes, plus a few at once. */
const testsOfWindow = 0.125;
const testsAtOnce = 6;

/** Current state of one of an account's windows (minute or day). */
export interface BudgetWindow {
  limit: number;
  seconds: number;
  secondsLeft: number;
  used: Partial<Record<Purpose, number>>;
  /** Maximum of paid orders in the window; null: no cap. */
  orderCap: number | null;
}

const usedBy = (window: BudgetWindow, share: Share): number =>
  Object.entries(window.used).reduce((sum, [purpose, n]) => sum + (shareOf(purpose as Purpose) === share ? n : 0), 0);

export const usedInAll = (window: BudgetWindow): number => Object.values(window.used).reduce((sum, n) => sum + n, 0);

/** Calls reserved for a share: its part of the remaining time, at most what it has not used yet. */
function reserved(window: BudgetWindow, share: Share): number {
  const whole = budgetShares[share] * window.limit;
  return Math.max(0, Math.min(whole * (window.secondsLeft / window.seconds), whole - usedBy(window, share)));
}

/**
 * Seconds until a call for this purpose may be taken; 0: now. Orders may use all calls. The other purposes may not use what is
 * reserved for another share. A reservation shrinks as the window passes, so unused calls become available to all purposes.
 */
export function waitFor(window: BudgetWindow, purpose: Purpose): number {
  const used = usedInAll(window);
  if (used >= window.limit) return window.secondsLeft;
  if (purpose === 'order' && window.orderCap !== null && (window.used.order ?? 0) >= window.orderCap) {
    return window.secondsLeft;
  }
  if (purpose === 'test' && waitForTests(window) > 0) return waitForTests(window);
  const own = shareOf(purpose);
  if (own === 'orders') return 0;
  const others = (Object.keys(budgetShares) as Share[]).filter((share) => share !== own);
  const reservedForOthers = others.reduce((sum, share) => sum + reserved(window, share), 0);
  const allowed = Math.max(1, Math.floor(window.limit - reservedForOthers + 1e-6));
  if (used < allowed) return 0;
  const releasedPerSecond = (window.limit * (1 - budgetShares[own])) / window.seconds;
  return Math.min(window.secondsLeft, Math.ceil((used + 1 - allowed) / releasedPerSecond));
}

function waitForTests({ limit, seconds, secondsLeft, used }: BudgetWindow): number {
  const perSecond = (testsOfWindow * limit) / seconds;
  const missing = (used.test ?? 0) + 1 - testsAtOnce - perSecond * (seconds - secondsLeft);
  return missing <= 0 ? 0 : Math.min(secondsLeft, Math.ceil(missing / perSecond));
}

/** A vendor account, as its calls are counted: a connection has both fields. */
export interface VendorAccount {
  /** The vendor's id. */
  vendor: string;
  /** Host and key fingerprint. */
  accountKey: string;
}

/** The rate budget of a vendor account, shared by all replicas. `limits` are those of its vendor. */
export abstract class VendorBudget {
  /** Takes one call, or says after how many seconds to try again. */
  abstract take(
    accountKey: string,
    purpose: Purpose,
    limits: CallLimits,
  ): Promise<{ taken: true } | { taken: false; retryAfterSeconds: number }>;
  /** Returns a call that was never sent. Credits the day but not the minute, so that an outage does not cause a burst of calls. */
  abstract giveBack(accountKey: string, purpose: Purpose): Promise<void>;
  /** Whether more than a quarter of this minute's calls are used. A read that can wait should wait then. */
  abstract isUnderPressure(accountKey: string, limits: CallLimits): Promise<boolean>;
}

/** The last failed call of a connection, for the admin. */
export abstract class CallLog {
  abstract failed(teamId: string, connectionId: string, failure: { reason: string; message: string }): Promise<void>;
}
