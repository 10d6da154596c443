import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { UnreadableSecret } from '#kernel/errors';
import { Ids, Outbox, Secrets, UnitOfWork } from '#kernel/ports';
import { Batcher, Overloaded } from '#platform/batcher';
import { Outage } from '#platform/outage';
import { WebhookStatuses } from '../../../connections/domain/webhook-status.js';
import type { Vendor } from '../../../gateway/domain/vendor.js';
import { CaseReported } from '../../../orders/domain/events.js';
import {
  type CaseOwner,
  InboundEvents,
  type InboundEventToStore,
  RejectedSignatures,
} from '../../domain/vendor-cases.js';
import { UnknownCases } from './unknown-cases.js';

/**
 * `stored` · `ignored`: names no case, or none that an order has · `unauthenticated`: the signature is missing or wrong ·
 * `busy`: not verified now, so that the vendor sends it again · `overloaded`: the same, but the sender is not at fault.
 */
export type WebhookAnswer = 'stored' | 'ignored' | 'unauthenticated' | 'busy' | 'overloaded';

/** A webhook request with the event that its body names. */
interface IncomingEvent extends Omit<InboundEventToStore, 'owner'> {
  vendor: Vendor;
  rawBody: Buffer;
  signature: string;
}

/** `unknown`: no order has its case. `forged`: the signature matches none of the owner's secrets. */
type Verdict =
  | { outcome: 'unknown' | 'busy' }
  | { outcome: 'forged'; owner: CaseOwner }
  /** `withNewest`: signed with the newest secret, not with the one before it. */
  | { outcome: 'stored'; owner: CaseOwner; withNewest: boolean };

const digestOf = (rawBody: Buffer): string => createHash('sha256').update(rawBody).digest('base64');

/**
 * Receives webhook events: finds the owner of the case, verifies the raw bytes, stores the event and its job in one transaction.
 * An event is only a hint that a case changed; its contents are not used. Concurrent events share one query and one commit.
 */
@Injectable()
export class ReceiveWebhook {
  private readonly log = new Logger('webhooks');
  private readonly overload = new Outage(this.log, 'taking webhooks');
  private readonly batches = new Batcher((events: IncomingEvent[]) => this.verifyAndStore(events), {
    apart: ({ id, eventId }) => eventId ?? id,
  });

  constructor(
    private readonly inboundEvents: InboundEvents,
    private readonly rejected: RejectedSignatures,
    private readonly webhookStatuses: WebhookStatuses,
    private readonly unknownCases: UnknownCases,
    private readonly secrets: Secrets,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly ids: Ids,
  ) {}

  /** A request to the webhook endpoint of this vendor. `signature`: what its headers hold, if anything. */
  async take(vendor: Vendor, rawBody: Buffer, signature: string | null): Promise<WebhookAnswer> {
    if (signature === null) return 'unauthenticated';
    const webhookEvent = vendor.webhooks.readWebhook(rawBody);
    if (!webhookEvent?.caseId) return 'ignored';
    const { eventId, eventType, caseId } = webhookEvent;
    const id = this.ids.next();
    const incoming = { id, vendor, eventId, eventType, caseId, digest: digestOf(rawBody), rawBody, signature };
    const verdict = await this.verdictOn(incoming).catch((error: unknown) => {
      if (!(error instanceof Overloaded)) throw error;
      this.overload.note(error);
      return null;
    });
    if (!verdict) return 'overloaded';
    if (verdict.outcome === 'forged') {
      this.rejected.count(verdict.owner);
      return 'unauthenticated';
    }
    return verdict.outcome === 'unknown' ? 'ignored' : verdict.outcome;
  }

  private async verdictOn(incoming: IncomingEvent): Promise<Verdict> {
    const verdict = await this.batches.ask(incoming);
    if (verdict.outcome !== 'unknown') return verdict;
    // The first event about a case may arrive before the answer to its order, and that answer may be lost.
    if ((await this.unknownCases.identify(incoming)) === 'busy') return { outcome: 'busy' };
    // Meanwhile the answer to the order may have named the case. The order then no longer waits for one, so check again.
    return this.batches.ask(incoming);
  }

  private async verifyAndStore(all: IncomingEvent[]): Promise<Verdict[]> {
    const owners = await this.ownersOf(all);
    const verdicts = all.map((incoming): Verdict => {
      const owner = owners.get(incoming.vendor.id)?.get(incoming.caseId);
      if (!owner) return { outcome: 'unknown' };
      const signedWith = this.signedWith(incoming, owner);
      return signedWith === null
        ? { outcome: 'forged', owner }
        : { outcome: 'stored', owner, withNewest: signedWith === 'newest' };
    });
    await this.store(
      all.flatMap(({ vendor: _vendor, rawBody: _body, signature: _signature, ...webhookEvent }, nth) => {
        const verdict = verdicts[nth];
        return verdict?.outcome === 'stored' ? [{ ...webhookEvent, owner: verdict.owner }] : [];
      }),
      verdicts.flatMap((verdict) => (verdict.outcome === 'stored' && verdict.withNewest ? [verdict.owner] : [])),
    );
    return verdicts;
  }

  /** By vendor and case id. One query for each vendor, in practice one. */
  private async ownersOf(all: IncomingEvent[]): Promise<Map<string, Map<string, CaseOwner>>> {
    const owners = new Map<string, Map<string, CaseOwner>>();
    for (const [id, events] of Map.groupBy(all, ({ vendor }) => vendor.id)) {
      const caseIds = events.map(({ caseId }) => caseId);
      owners.set(id, await this.inboundEvents.ownersOf(caseIds, id));
    }
    return owners;
  }

  /** Stores all events and publishes their jobs, or none. */
  private async store(webhookEvents: InboundEventToStore[], withNewest: CaseOwner[]): Promise<void> {
    if (webhookEvents.length === 0) return;
    const outcomes = await this.unitOfWork.run(async () => {
      const stored = await this.inboundEvents.store(webhookEvents);
      await this.webhookStatuses.arrived(withNewest);
      const fresh = webhookEvents.filter((_, nth) => stored[nth] === 'fresh');
      // One job per order, sorted, so that two replicas take locks in the same order.
      const orders = new Map(fresh.map(({ owner }) => [owner.orderId, owner.teamId]));
      await this.outbox.publish([...orders].sort().map(([orderId, teamId]) => new CaseReported(teamId, orderId)));
      return stored;
    });
    webhookEvents.forEach(({ owner: { teamId }, eventId }, nth) => {
      if (outcomes[nth] !== 'conflicting') return;
      this.log.warn({ teamId, eventId }, 'an event came again with other bytes: the first ones count');
    });
  }

  private signedWith({ vendor, rawBody, signature }: IncomingEvent, owner: CaseOwner): 'newest' | 'previous' | null {
    const { opened, unreadable } = this.open(owner.secrets);
    const fits = (secrets: string[]): boolean => vendor.webhooks.verifyWebhook(rawBody, signature, secrets);
    if (fits(opened)) return opened.length < 2 || fits(opened.slice(0, 1)) ? 'newest' : 'previous';
    // It may be authentic. The vendor sends it again, perhaps to a replica that has the sealing key.
    if (unreadable) throw unreadable;
    return null;
  }

  private open(secrets: CaseOwner['secrets']): { opened: string[]; unreadable: UnreadableSecret | null } {
    const opened: string[] = [];
    let unreadable: UnreadableSecret | null = null;
    for (const { sealed, place } of secrets) {
      try {
        opened.push(this.secrets.open(sealed, place));
      } catch (error) {
        if (!(error instanceof UnreadableSecret)) throw error;
        unreadable = error;
      }
    }
    return { opened, unreadable };
  }
}
