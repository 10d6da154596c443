import { Injectable, Logger } from '@nestjs/common';
import { UnreadableSecret } from '#kernel/errors';
import { Audit, Clock, Secrets, UnitOfWork } from '#kernel/ports';
import { describeError } from '#platform/describe-error';
import { type AttemptOutcome, noAnswer } from '../domain/attempt-outcome.js';
import { type Claim, Deliveries, type DueStream } from '../domain/deliveries.js';
import { EndpointCalls, type SignedMessage } from '../domain/endpoint-calls.js';
import { busyWith, fitting, sendLimits } from '../domain/send-limits.js';
import { Things } from '../domain/things.js';
import {
  type DisabledReason,
  hasFailedTooLong,
  hostOf,
  secretPlace,
  type WebhookEndpoint,
} from '../domain/webhook-endpoint.js';
import { WebhookEndpoints } from '../domain/webhook-endpoints.js';
import { Announcer } from './announcer.js';
import { signedHeaders } from './signing.js';

/** An event that this process sends, and whether its endpoint was failing. */
export interface Sending extends Claim {
  isFailing: boolean;
}

/** Sends what is due. A process that dies in between leaves its leases, and another one sends the same events again. */
@Injectable()
export class SendDeliveries {
  private readonly log = new Logger('webhook-endpoints');

  constructor(
    private readonly deliveries: Deliveries,
    private readonly endpoints: WebhookEndpoints,
    private readonly things: Things,
    private readonly calls: EndpointCalls,
    private readonly secrets: Secrets,
    private readonly unitOfWork: UnitOfWork,
    private readonly announcer: Announcer,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Takes what fits beside the events that are being sent. Across teams. */
  async take(sending: readonly Sending[]): Promise<Sending[]> {
    const room = sendLimits.all - sending.length;
    if (room <= 0) return [];
    const due = await this.deliveries.due(room, sendLimits.perEndpoint, busyWith(sending));
    const chosen = fitting(due, sending);
    if (chosen.length === 0) return [];
    const claims = await this.unitOfWork.run(() => this.deliveries.claim(chosen));
    const failing = new Set(chosen.filter(({ isFailing }) => isFailing).map((one: DueStream) => one.endpointId));
    return claims.map((claim) => ({ ...claim, isFailing: failing.has(claim.endpointId) }));
  }

  /** Makes one attempt and records what it came to. */
  async send(claim: Claim): Promise<void> {
    const endpoint = await this.endpoints.find(claim.teamId, claim.endpointId);
    // Deleted meanwhile: what waits for it goes, too.
    if (!endpoint) return;
    const outcome = endpoint.disabledAt ? noAnswer('switched_off', 0) : await this.attempt(claim, endpoint);
    await this.unitOfWork.run(() => this.record(claim, outcome));
  }

  private async attempt(claim: Claim, endpoint: WebhookEndpoint): Promise<AttemptOutcome> {
    try {
      return await this.calls.send(await this.messageOf(claim, endpoint));
    } catch (error) {
      if (error instanceof UnreadableSecret) return noAnswer('secret_unreadable', 0);
      this.log.warn(`event ${claim.eventId} could not be prepared: ${describeError(error)}`);
      return noAnswer('not_prepared', 0);
    }
  }

  private async messageOf(claim: Claim, endpoint: WebhookEndpoint): Promise<SignedMessage> {
    const now = this.clock.now();
    const secrets = this.secretsOf(endpoint, now);
    const { type, at, eventId } = claim;
    const data = await this.things.dataOf(claim, endpoint);
    const body = JSON.stringify({ type, timestamp: at.toISOString(), data });
    return { url: endpoint.url, headers: signedHeaders(eventId, body, secrets, now), body };
  }

  private secretsOf({ teamId, id, secret, previousSecret, previousUntil }: WebhookEndpoint, now: Date): string[] {
    const place = secretPlace(teamId, id);
    const signs = [secret];
    if (previousSecret !== null && previousUntil !== null && previousUntil > now) signs.push(previousSecret);
    return signs.map((sealed) => this.secrets.open(sealed, place));
  }

  private async record(claim: Claim, outcome: AttemptOutcome): Promise<void> {
    const { teamId, endpointId } = claim;
    await this.deliveries.finish(claim, outcome, Math.random());
    if (outcome.isOurFault) return;
    if (outcome.succeeded) return this.endpoints.noteSuccess(teamId, endpointId);
    if (outcome.gone) return this.disable(claim, 'gone');
    const failingSince = await this.endpoints.noteFailure(teamId, endpointId);
    if (hasFailedTooLong(failingSince, this.clock.now())) await this.disable(claim, 'failing');
  }

  /** Switches an endpoint off, tells the other endpoints, and leaves the entry that the admins are shown. */
  private async disable({ teamId, endpointId }: Claim, reason: DisabledReason): Promise<void> {
    if (!(await this.endpoints.disable(teamId, endpointId, reason))) return;
    const endpoint = await this.endpoints.find(teamId, endpointId);
    if (!endpoint) return;
    const to = { reason, host: hostOf(endpoint.url), created_by: endpoint.createdBy };
    const entry = { action: 'webhook_endpoint.disable', entity: 'webhook_endpoint', entityId: endpointId, to };
    await this.audit.record({ teamId, user: null, ip: null }, entry);
    await this.announcer.announce(teamId, endpointId, ['webhook_endpoint.disabled'], endpointId);
  }
}
