import { FakeDeliveries } from '../../../../test/fakes/webhook-endpoints/fake-deliveries.js';
import { FakeWebhookEndpoints } from '../../../../test/fakes/webhook-endpoints/fake-webhook-endpoints.js';
import { FakeWebhookEvents } from '../../../../test/fakes/webhook-endpoints/fake-webhook-events.js';
import { webhookEndpointsContract } from '../../../../test/contracts/webhook-endpoints/webhook-endpoints.contract.js';
import { FakeStore, FakeUnitOfWork } from '../../../../test/fakes/fake-store.js';
import { FakeClock } from '../../../../test/fakes/platform.js';

/** The fakes pass the suite that the adapters pass in `adapters/ports.db-spec.ts`. */
webhookEndpointsContract('in memory', () => {
  const [store, clock] = [new FakeStore(), new FakeClock()];
  const endpoints = new FakeWebhookEndpoints(store, clock);
  const events = new FakeWebhookEvents(store, clock);
  const deliveries = new FakeDeliveries(endpoints, events, clock);
  return {
    ...{ unitOfWork: new FakeUnitOfWork(store), endpoints, events, deliveries },
    pass: async (seconds) => void clock.advance({ seconds }),
    log: async () =>
      deliveries.attempts.map(({ status, error, nextTryAt }) => ({ status, error, hasNext: nextTryAt !== null })),
  };
});
