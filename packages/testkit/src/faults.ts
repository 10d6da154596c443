import { randomUUID } from 'node:crypto';
import { badRequest } from './refusal.ts';

/** What can go wrong on one call. packages/testkit/README.md describes each (docs/reliability.md, rows E). */
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
  /** null: every account. */
  account: string | null;
  route: FaultRoute;
  kind: FaultKind;
  /** How many more calls it affects; null: all, until cleared. */
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

  add(options: Partial<Fault>): Fault {
    const { kind, route = '*' } = options;
    if (!kind || !faultKinds.includes(kind)) throw badRequest(`"kind" must be one of ${faultKinds.join(', ')}.`);
    if (!faultRoutes.includes(route)) throw badRequest(`"route" must be one of ${faultRoutes.join(', ')}.`);
    const times = options.times === undefined ? 1 : options.times;
    if (times !== null && !(times > 0)) throw badRequest('"times" must be a positive number, or null for "always".');
    const fault: Fault = {
      id: randomUUID(),
      account: options.account ?? null,
      route,
      kind,
      times,
      hits: 0,
      ms: options.ms ?? 1_000,
      status: options.status ?? null,
      body: options.body ?? null,
      retry_after: options.retry_after ?? null,
      location: options.location ?? null,
      by: options.by ?? 1,
    };
    this.active.push(fault);
    return fault;
  }

  /** Takes the first fault that matches this call and counts one use. A page shift applies only after the first page. */
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
