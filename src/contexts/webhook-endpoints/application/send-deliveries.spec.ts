import { Logger } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import { FakeDeliveries } from '../../../../test/fakes/webhook-endpoints/fake-deliveries.js';
import { FakeEndpointCalls, FakeThings } from '../../../../test/fakes/webhook-endpoints/fake-endpoint-calls.js';
import { FakeWebhookEndpoints } from '../../../../test/fakes/webhook-endpoints/fake-webhook-endpoints.js';
import { FakeWebhookEvents } from '../../../../test/fakes/webhook-endpoints/fake-webhook-events.js';
import { FakeStore, FakeUnitOfWork } from '../../../../test/fakes/fake-store.js';
import { anId, FakeAudit, FakeClock, FakeIds, FakeSecrets } from '../../../../test/fakes/platform.js';
import { answered } from '../domain/attempt-outcome.js';
import { secretPlace, type WebhookEndpoint } from '../domain/webhook-endpoint.js';
import { Announcer } from './announcer.js';
import { SendDeliveries, type Sending } from './send-deliveries.js';
import { newSecret } from './signing.js';

const changed = 'background_check.status_changed';
const switchedOff = 'webhook_endpoint.disabled';

describe('Sending what is due', () => {
  beforeAll(() => void Logger.overrideLogger(false));
  it('sends a signed body with the present state, as far as the endpoint may have it', async () => {
    const { anEndpoint, happens, sendAll, calls } = aSender();
    const { secret } = await anEndpoint({ includeResults: true });
    await happens('a-check');
    await sendAll();
    const [message] = calls.sent;
    if (!message) throw new Error('Nothing was sent.');
    // The library compares with its own clock, which the fake's is not.
    const theirs = new Webhook(secret).sign(message.headers['webhook-id'] ?? '', sentAt(message.headers), message.body);
    expect(message.headers['webhook-signature']).toBe(theirs);
    expect(JSON.parse(message.body)).toEqual({
      ...{ type: changed, timestamp: '2026-10-01T14:00:00.123Z' },
      data: { id: 'a-check', includeResults: true, includeNames: false },
    });
  });

  it('signs with the secret before as well until its day is over', async () => {
    const { anEndpoint, happens, sendAll, calls, clock, sealed } = aSender();
    const before = newSecret();
    const id = anId();
    await anEndpoint({ id, previousSecret: sealed(before, id), previousUntil: clock.advance({ hours: 1 }) });
    clock.advance({ seconds: -1 });
    await happens('a');
    await sendAll();
    clock.advance({ seconds: 1 });
    await happens('b');
    await sendAll();
    expect(calls.sent.map(({ headers }) => headers['webhook-signature']?.split(' ').length)).toEqual([2, 1]);
  });

  it('leaves out what an endpoint did not ask for, and tells a team without endpoints nothing', async () => {
    const { anEndpoint, happens, sendAll, calls, announcer } = aSender();
    expect(await announcer.isHeardIn('team')).toBe(false);
    await anEndpoint({ eventTypes: ['candidate.anonymised'] });
    expect(await announcer.isHeardIn('team')).toBe(true);
    await happens('a');
    await sendAll();
    expect(calls.sent).toEqual([]);
  });

  it('switches an endpoint off that answers 410, once, with an audit entry by the system, and tells the others', async () => {
    const { anEndpoint, happens, sendAll, calls, endpoints, audit } = aSender();
    const gone = await anEndpoint({ url: 'https://gone.example/hooks/key-in-the-path' });
    await happens('a');
    await happens('b');
    calls.outcome = answered(410, 1);
    await anEndpoint({ url: 'https://other.example/', eventTypes: [switchedOff] });
    await sendAll();
    expect(await endpoints.find('team', gone.id)).toMatchObject({ disabledReason: 'gone' });
    expect(audit.entries).toHaveLength(2);
    expect(audit.entries[0]).toMatchObject({
      ...{ actorId: null, action: 'webhook_endpoint.disable', entityId: gone.id },
      to: { reason: 'gone', host: 'gone.example', created_by: gone.createdBy },
    });
    expect(JSON.stringify(audit.entries)).not.toContain('key-in-the-path');
    expect(calls.sent.filter(({ url }) => url === 'https://other.example/').map(({ body }) => typeIn(body))).toEqual([
      switchedOff,
    ]);
  });

  it('switches an endpoint off after five days of failures, not before, and not when one succeeded between', async () => {
    const { anEndpoint, happens, sendAll, calls, endpoints, clock } = aSender();
    const { id } = await anEndpoint();
    const state = async () => (await endpoints.find('team', id))?.disabledReason;
    const fails = async (subject: string): Promise<void> => {
      await happens(subject);
      await sendAll();
    };
    calls.outcome = answered(500, 1);
    await fails('a');
    clock.advance({ days: 4 });
    calls.outcome = answered(200, 1);
    await fails('b');
    calls.outcome = answered(500, 1);
    await fails('c');
    clock.advance({ days: 4, hours: 23 });
    await fails('d');
    expect(await state()).toBeNull();
    clock.advance({ hours: 1 });
    await fails('e');
    expect(await state()).toBe('failing');
  });

  it('says that a secret cannot be opened, and tries again later', async () => {
    const { anEndpoint, happens, sendAll, calls, deliveries, endpoints } = aSender();
    const { id } = await anEndpoint({ secret: 'another-key.c2VhbGVk' });
    await happens('a');
    await sendAll();
    expect(calls.sent).toEqual([]);
    expect((await endpoints.find('team', id))?.failingSince).toBeNull();
    expect(deliveries.attempts).toMatchObject([{ status: 'failed', error: expect.stringMatching(/secret/) as string }]);
    expect(deliveries.attempts[0]?.nextTryAt).not.toBeNull();
  });

  it('gives an event up in the end that cannot be prepared, and does not blame the endpoint', async () => {
    const { anEndpoint, happens, sendAll, things, deliveries, endpoints, clock } = aSender();
    const { id } = await anEndpoint();
    things.dataOf = () => Promise.reject(new Error('no such thing'));
    await happens('a');
    for (let tries = 0; tries < 12; tries += 1) {
      await sendAll();
      clock.advance({ days: 2 });
    }
    expect(deliveries.attempts).toHaveLength(10);
    expect(deliveries.attempts[0]?.error).toBe('The event could not be prepared. It is tried again.');
    expect(await endpoints.find('team', id)).toMatchObject({ failingSince: null, disabledAt: null });
  });

  it('sends nothing to an endpoint that was switched off after its event was taken', async () => {
    const { anEndpoint, happens, take, sender, endpoints, calls } = aSender();
    const { id } = await anEndpoint();
    await happens('a');
    const [one] = await take();
    await endpoints.disable('team', id, 'by_user');
    if (one) await sender.send(one);
    expect(calls.sent).toEqual([]);
  });
});

const typeIn = (body: string): string => (JSON.parse(body) as { type: string }).type;
const sentAt = (headers: Readonly<Record<string, string>>): Date =>
  new Date(Number(headers['webhook-timestamp']) * 1000);

function aSender() {
  const [store, clock, ids, secrets] = [new FakeStore(), new FakeClock(), new FakeIds(), new FakeSecrets()];
  const unitOfWork = new FakeUnitOfWork(store);
  const endpoints = new FakeWebhookEndpoints(store, clock);
  const events = new FakeWebhookEvents(store, clock);
  const deliveries = new FakeDeliveries(endpoints, events, clock);
  const [calls, things, audit] = [new FakeEndpointCalls(), new FakeThings(), new FakeAudit(store)];
  const announcer = new Announcer(endpoints, events, deliveries, ids);
  const sender = new SendDeliveries(deliveries, endpoints, things, calls, secrets, unitOfWork, announcer, audit, clock);
  const sealed = (secret: string, id: string): string => secrets.seal(secret, secretPlace('team', id));
  const anEndpoint = async (more: Partial<WebhookEndpoint> = {}): Promise<WebhookEndpoint> => {
    const [id, secret] = [more.id ?? anId(), newSecret()];
    const endpoint: WebhookEndpoint = {
      ...{ teamId: 'team', id, url: 'https://example.org/', description: '', eventTypes: [changed] },
      ...{
        includeResults: false,
        includeNames: false,
        secret: sealed(secret, id),
        previousSecret: null,
        previousUntil: null,
      },
      ...{ disabledAt: null, disabledReason: null, failingSince: null, createdBy: anId() },
      ...more,
    };
    await unitOfWork.run(() => endpoints.add(endpoint, 20));
    return { ...endpoint, secret };
  };
  const take = (sending: Sending[] = []): Promise<Sending[]> => sender.take(sending);
  return {
    ...{ sender, calls, things, endpoints, deliveries, audit, clock, announcer, sealed, anEndpoint, take },
    happens: (subject: string) => unitOfWork.run(() => announcer.announce('team', subject, [changed])),
    /** Until nothing is due. */
    sendAll: async () => {
      for (let taken = await take(); taken.length > 0; taken = await take())
        for (const one of taken) await sender.send(one);
    },
  };
}
