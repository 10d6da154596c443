import type { Id } from '#kernel/id';
import type { UnitOfWork } from '#kernel/ports';
import type { EventType } from '../../../src/contexts/webhook-endpoints/contract.js';
import type { AttemptOutcome } from '../../../src/contexts/webhook-endpoints/domain/attempt-outcome.js';
import type { Claim, Deliveries, DueStream } from '../../../src/contexts/webhook-endpoints/domain/deliveries.js';
import type { WebhookEndpoint } from '../../../src/contexts/webhook-endpoints/domain/webhook-endpoint.js';
import type { WebhookEndpoints } from '../../../src/contexts/webhook-endpoints/domain/webhook-endpoints.js';
import type { WebhookEvent, WebhookEvents } from '../../../src/contexts/webhook-endpoints/domain/webhook-events.js';
import { anId } from '../../fakes/platform.js';

export interface WebhookEndpointsFixture {
  unitOfWork: UnitOfWork;
  endpoints: WebhookEndpoints;
  events: WebhookEvents;
  deliveries: Deliveries;
  /** Lets seconds pass for what waits, and for leases. */
  pass: (seconds: number) => Promise<void>;
  /** The attempts of an endpoint, the first one first. */
  log: (teamId: string, endpointId: Id) => Promise<{ status: string; error: string | null; hasNext: boolean }[]>;
}

const nobody = { teamIds: [], endpointIds: [] };
export const changed = 'background_check.status_changed';

/** Makes endpoints, events and deliveries of the team that the present test is about. */
export function webhookActs(fixture: () => WebhookEndpointsFixture, teamId: () => string) {
  const run = <T>(work: () => Promise<T>): Promise<T> => fixture().unitOfWork.run(work);
  async function anEndpoint(more: Partial<WebhookEndpoint> = {}): Promise<WebhookEndpoint> {
    const endpoint: WebhookEndpoint = {
      ...{ teamId: teamId(), id: anId(), url: 'https://example.org/', description: '', eventTypes: [changed] },
      ...{
        includeResults: false,
        includeNames: false,
        secret: 'k.sealed',
        previousSecret: null,
        previousUntil: null,
      },
      ...{ disabledAt: null, disabledReason: null, failingSince: null, createdBy: anId() },
      ...more,
    };
    expect(await run(() => fixture().endpoints.add(endpoint, 20))).toBe(true);
    return endpoint;
  }
  async function anEvent(subject: string, type: EventType = changed): Promise<WebhookEvent> {
    const event = { teamId: teamId(), id: anId(), type, subject };
    await run(() => fixture().events.add(event));
    return event;
  }
  async function waits(endpoint: WebhookEndpoint, subject: string, type: EventType = changed): Promise<WebhookEvent> {
    const event = await anEvent(subject, type);
    await run(() => fixture().deliveries.add(event, [endpoint.id]));
    return event;
  }
  const due = async (perEndpoint = 8): Promise<DueStream[]> =>
    (await fixture().deliveries.due(256, perEndpoint, nobody)).filter((one) => one.teamId === teamId());
  const claim = async (): Promise<Claim[]> => {
    const streams = await due();
    return run(() => fixture().deliveries.claim(streams));
  };
  const finish = (one: Claim | undefined, outcome: AttemptOutcome): Promise<void> => {
    if (!one) throw new Error('Nothing was claimed.');
    return run(() => fixture().deliveries.finish(one, outcome, 0.5));
  };
  return { run, anEndpoint, anEvent, waits, due, claim, finish };
}
