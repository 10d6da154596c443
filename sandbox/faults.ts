import { randomUUID } from 'node:crypto';
import { badRequest } from './refusal.ts';

/** What can go wrong on one call; sandbox/README.md says what each does (docs/reliability.md, rows E). */
export const faultKinds = [
  'status',
  'status-after-commit',
  'hang-before-commit',
  'commit-then-hang',
  'hang-then-commit',
  'reset-before',
  'reset-after-commit',
  'reset-after-headers',
  'truncated-json',
  'html-200',
  'no-id-201',
  'wrong-type-id',
  'slow-body',
  'throttle',
  'throttle-foreign',
  'redirect',
  'page-shift',
] as const;

export const faultRoutes = [
  'order-package',
  'order',
  'cases',
  'case',
  'packages',
  'groups',
  'users',
  'cancel',
  'generate-report',
  'report-file',
  'events',
  'tags',
  '*',
] as const;

export type FaultKind = (typeof faultKinds)[number];
export type FaultRoute = (typeof faultRoutes)[number];

export interface Fault {
  id: string;
  /** Null: every account. */
  account: string | null;
  route: FaultRoute;
  kind: FaultKind;
  /** How many more calls it spoils; null until cleared. */
  times: number | null;
  hits: number;
  ms: number;
  status: number | null;
  /** A string is sent as it is (HTML when it begins with `<`), anything else as JSON. */
  body: unknown;
  retry_after: number | string | null;
  location: string | null;
  /** For `page-shift`: how many newer cases came in after page 1; negative when cases went. */
  by: number;
}

export class Faults {
  private active: Fault[] = [];

  add(wish: Partial<Fault>): Fault {
    const { kind, route = '*' } = wish;
    if (!kind || !faultKinds.includes(kind)) throw badRequest(`"kind" must be one of ${faultKinds.join(', ')}.`);
    if (!faultRoutes.includes(route)) throw badRequest(`"route" must be one of ${faultRoutes.join(', ')}.`);
    const times = wish.times === undefined ? 1 : wish.times;
    if (times !== null && !(times > 0)) throw badRequest('"times" must be a positive number, or null for "always".');
    const fault: Fault = {
      id: randomUUID(),
      account: wish.account ?? null,
      route,
      kind,
      times,
      hits: 0,
      ms: wish.ms ?? 1_000,
      status: wish.status ?? null,
      body: wish.body ?? null,
      retry_after: wish.retry_after ?? null,
      location: wish.location ?? null,
      by: wish.by ?? 1,
    };
    this.active.push(fault);
    return fault;
  }

  /** The first fault meant for this call, used up by one. A page shift waits for a page after the first. */
  take(route: string, account: string, page: number): Fault | undefined {
    const fault = this.active.find(
      (entry) =>
        (entry.route === '*' || entry.route === route) &&
        (entry.account === null || entry.account === account) &&
        (entry.kind !== 'page-shift' || page > 1),
    );
    if (!fault) return undefined;
    fault.hits += 1;
    if (fault.times !== null) fault.times -= 1;
    if (fault.times === 0) this.active = this.active.filter((entry) => entry !== fault);
    return fault;
  }

  get list(): readonly Fault[] {
    return this.active;
  }

  clear(): void {
    this.active = [];
  }
}
