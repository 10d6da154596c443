import { answered, type AttemptOutcome } from '../../../src/contexts/webhook-endpoints/domain/attempt-outcome.js';
import type { Zone } from '../../../src/contexts/webhook-endpoints/domain/endpoint-address.js';
import { EndpointCalls, type SignedMessage } from '../../../src/contexts/webhook-endpoints/domain/endpoint-calls.js';
import type { WebhookEndpoint } from '../../../src/contexts/webhook-endpoints/domain/webhook-endpoint.js';
import { Things } from '../../../src/contexts/webhook-endpoints/domain/things.js';

/** Keeps what is sent. Every host is public. */
export class FakeEndpointCalls extends EndpointCalls {
  readonly sent: SignedMessage[] = [];
  outcome: AttemptOutcome = answered(200, 1);
  zone: Zone = 'public';

  async zoneOf(): Promise<Zone> {
    return this.zone;
  }

  async send(message: SignedMessage): Promise<AttemptOutcome> {
    this.sent.push(message);
    return this.outcome;
  }
}

/** Says which rights it was asked with. */
export class FakeThings extends Things {
  async dataOf(
    { subject }: { subject: string },
    { includeResults, includeNames }: Pick<WebhookEndpoint, 'includeResults' | 'includeNames'>,
  ): Promise<Record<string, unknown>> {
    return { id: subject, includeResults, includeNames };
  }
}
