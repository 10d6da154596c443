/**
 * What a call is for. `order`: a paid order · `urgent`: what an order or a waiting person depends on (finding out,
 * cancelling); both use the share of orders, which nobody else touches · `read`: one case, a list of packages, a report, the
 * daily comparison · `test`: trying a key and the connection, as often as an admin likes: few of the readings · `sweep`: open
 * cases through the list · `feed`: the feed of events.
 */
export type Purpose = 'order' | 'urgent' | 'read' | 'test' | 'sweep' | 'feed';

type Share = 'orders' | 'read' | 'sweep' | 'feed';

/** How a window's calls are divided. */
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

/** Of the share of readings, tests may have an eighth of the window, as it passes, and this many at once. */
const testsOfWindow = 0.125;
const testsAtOnce = 6;

/** One of an account's windows as it stands. */
export interface BudgetWindow {
  limit: number;
  seconds: number;
  secondsLeft: number;
  used: Partial<Record<Purpose, number>>;
  /** Of the window, paid orders only; null when there is no such cap. */
  orderCap: number | null;
}

const usedBy = (window: BudgetWindow, share: Share): number =>
  Object.entries(window.used).reduce((sum, [purpose, n]) => sum + (shareOf(purpose as Purpose) === share ? n : 0), 0);

export const usedInAll = (window: BudgetWindow): number => Object.values(window.used).reduce((sum, n) => sum + n, 0);

/** What is kept back for a share: what it may still ask for in the time that is left, and has not had yet. */
function reserved(window: BudgetWindow, share: Share): number {
  const whole = budgetShares[share] * window.limit;
  return Math.max(0, Math.min(whole * (window.secondsLeft / window.seconds), whole - usedBy(window, share)));
}

/**
 * After how many seconds a call for this purpose may be taken; 0: now. Orders may use everything. The others leave alone
 * what is kept back for each other, which melts with the window: what one of them does not use flows to all.
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

/** The calls that a vendor account allows, shared by all replicas. */
export abstract class VendorBudget {
  /** Takes one call, or says after how many seconds to ask again. */
  abstract take(
    accountKey: string,
    purpose: Purpose,
  ): Promise<{ taken: true } | { taken: false; retryAfterSeconds: number }>;
  /** A call that never left: the day has it again, the minute does not, so that an outage is not stormed. */
  abstract giveBack(accountKey: string, purpose: Purpose): Promise<void>;
  /** Whether more than a quarter of this minute's calls are used: then a reading that can wait waits. */
  abstract isUnderPressure(accountKey: string): Promise<boolean>;
}

/** What went wrong last on a connection, for the admin. */
export abstract class CallLog {
  abstract failed(teamId: string, connectionId: string, failure: { reason: string; message: string }): Promise<void>;
}
