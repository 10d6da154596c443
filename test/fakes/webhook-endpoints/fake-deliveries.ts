import type { Id } from '#kernel/id';
import type { Clock } from '#kernel/ports';
import { abandonedError, type AttemptOutcome } from '../../../src/contexts/webhook-endpoints/domain/attempt-outcome.js';
import {
  type Busy,
  type Claim,
  Deliveries,
  type DueStream,
} from '../../../src/contexts/webhook-endpoints/domain/deliveries.js';
import { gapAfter } from '../../../src/contexts/webhook-endpoints/domain/retry-schedule.js';
import type { WebhookEndpoint } from '../../../src/contexts/webhook-endpoints/domain/webhook-endpoint.js';
import type { WebhookEvent } from '../../../src/contexts/webhook-endpoints/domain/webhook-events.js';
import { anId } from '../platform.js';
import type { FakeWebhookEndpoints } from './fake-webhook-endpoints.js';
import type { FakeWebhookEvents } from './fake-webhook-events.js';

interface Waiting {
  event: WebhookEvent & { at: Date };
  position: number;
  tries: number;
  state: 'waiting' | 'succeeded' | 'failed' | 'overtaken';
}

interface Stream {
  teamId: string;
  endpointId: Id;
  subject: string;
  dueAt: number;
  lease: Id | null;
  leasedUntil: number;
  deliveries: Waiting[];
}

export interface LoggedAttempt {
  id: Id;
  eventId: Id;
  status: 'pending' | 'succeeded' | 'failed';
  error: string | null;
  nextTryAt: Date | null;
}

export const leaseMs = 25_000;
const keyOf = ({ teamId, endpointId, subject }: Pick<Stream, 'teamId' | 'endpointId' | 'subject'>): string =>
  [teamId, endpointId, subject].join('/');

/** Passes the suite of `Deliveries`. Is not undone with a transaction. */
export class FakeDeliveries extends Deliveries {
  readonly attempts: LoggedAttempt[] = [];
  private readonly streams = new Map<string, Stream>();
  private positions = 0;

  constructor(
    private readonly endpoints: FakeWebhookEndpoints,
    private readonly events: FakeWebhookEvents,
    private readonly clock: Clock,
  ) {
    super();
  }

  async add(event: WebhookEvent, endpointIds: readonly Id[]): Promise<void> {
    for (const endpointId of endpointIds) this.put(event, endpointId);
  }

  async addAll(events: readonly WebhookEvent[], endpointId: Id): Promise<void> {
    for (const event of events) this.put(event, endpointId);
  }

  async waiting(teamId: string, endpointId: Id, most: number): Promise<number> {
    const own = [...this.streams.values()].filter((one) => one.teamId === teamId && one.endpointId === endpointId);
    return Math.min(most, own.flatMap(waitingIn).length);
  }

  async due(limit: number, perEndpoint: number, { teamIds, endpointIds }: Busy): Promise<DueStream[]> {
    const taken = new Map<string, number>();
    const found: DueStream[] = [];
    for (const stream of [...this.streams.values()].sort((one, other) => one.dueAt - other.dueAt)) {
      const { teamId, endpointId, subject } = stream;
      const endpoint = await this.endpoints.find(teamId, endpointId);
      const isBusy = teamIds.includes(teamId) || endpointIds.includes(endpointId);
      const count = taken.get(endpointId) ?? 0;
      if (!endpoint || endpoint.disabledAt || isBusy || !this.isFree(stream) || count >= perEndpoint) continue;
      taken.set(endpointId, count + 1);
      found.push({ teamId, endpointId, subject, isFailing: isFailing(endpoint) });
    }
    return found.slice(0, limit);
  }

  async claim(streams: readonly DueStream[]): Promise<Claim[]> {
    return streams.flatMap((wanted) => {
      const stream = this.streams.get(keyOf(wanted));
      return stream && this.isFree(stream) ? this.begin(stream) : [];
    });
  }

  async finish(claim: Claim, outcome: AttemptOutcome, chance: number): Promise<void> {
    const stream = this.streams.get(keyOf(claim));
    const held = stream?.lease === claim.attemptId ? stream : undefined;
    const gap = held ? settled(held, claim, outcome, chance) : null;
    const now = this.clock.now().getTime();
    const attempt = this.attempts.find(({ id }) => id === claim.attemptId);
    if (attempt) {
      const nextTryAt = gap === null || outcome.gone ? null : new Date(now + gap * 1000);
      Object.assign(attempt, { status: outcome.succeeded ? 'succeeded' : 'failed', error: outcome.error, nextTryAt });
    }
    if (!held) return;
    Object.assign(held, { lease: null, leasedUntil: 0, dueAt: now + (gap ?? 0) * 1000 });
    if (waitingIn(held).length === 0) this.streams.delete(keyOf(held));
  }

  private put(event: WebhookEvent, endpointId: Id): void {
    const { teamId, subject } = event;
    const now = this.clock.now().getTime();
    const fresh: Stream = { teamId, endpointId, subject, dueAt: now, lease: null, leasedUntil: 0, deliveries: [] };
    const stream = this.streams.get(keyOf(fresh)) ?? fresh;
    this.streams.set(keyOf(stream), stream);
    if (waitingIn(stream).every((one) => one.event.type === event.type)) stream.dueAt = now;
    const at = this.events.kept(teamId, event.id)?.at ?? this.clock.now();
    stream.deliveries.push({ event: { ...event, at }, position: (this.positions += 1), tries: 0, state: 'waiting' });
  }

  private isFree({ dueAt, leasedUntil }: Stream): boolean {
    const now = this.clock.now().getTime();
    return dueAt <= now && leasedUntil <= now;
  }

  private begin(stream: Stream): Claim[] {
    const former = this.attempts.find(({ id, status }) => id === stream.lease && status === 'pending');
    if (former) Object.assign(former, { status: 'failed', error: abandonedError });
    for (const one of waitingIn(stream)) if (isOvertaken(stream, one)) one.state = 'overtaken';
    const [head] = waitingIn(stream);
    if (!head) return [];
    const attemptId = anId();
    Object.assign(stream, { lease: attemptId, leasedUntil: this.clock.now().getTime() + leaseMs });
    const { id: eventId, type, at } = head.event;
    this.attempts.push({ id: attemptId, eventId, status: 'pending', error: null, nextTryAt: null });
    const { teamId, endpointId, subject } = stream;
    return [{ teamId, endpointId, subject, attemptId, position: `${head.position}`, eventId, type, at }];
  }
}

const isFailing = ({ failingSince }: WebhookEndpoint): boolean => failingSince !== null;
const waitingIn = ({ deliveries }: Stream): Waiting[] => deliveries.filter(({ state }) => state === 'waiting');
const isOvertaken = (stream: Stream, one: Waiting): boolean =>
  waitingIn(stream).some(({ event, position }) => event.type === one.event.type && position > one.position);

function settled(stream: Stream, { position }: Claim, { succeeded }: AttemptOutcome, chance: number): number | null {
  const one = stream.deliveries.find((delivery) => `${delivery.position}` === position);
  if (!one) return null;
  one.tries += 1;
  if (succeeded) one.state = 'succeeded';
  else if (isOvertaken(stream, one)) one.state = 'overtaken';
  if (one.state !== 'waiting') return null;
  const gap = gapAfter(one.tries, chance);
  if (gap === null) one.state = 'failed';
  return gap;
}
