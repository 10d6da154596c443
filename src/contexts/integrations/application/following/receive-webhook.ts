import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { UnreadableSecret } from '#kernel/errors';
import { Ids, Outbox, Secrets, UnitOfWork } from '#kernel/ports';
import { Batcher, Overloaded } from '#platform/batcher';
import { Outage } from '#platform/outage';
import { CaseReported } from '../../domain/events.js';
import { ScreeningProvider } from '../../domain/screening-provider.js';
import {
  type CaseOwner,
  InboundEvents,
  type InboundEventToStore,
  RejectedSignatures,
} from '../../domain/vendor-cases.js';
import { WebhookStandings } from '../../domain/webhook-standing.js';
import { UnknownCases } from './unknown-cases.js';

/**
 * `unauthenticated`: refused for good · `busy`: refused for now, so that the vendor sends it again · `overloaded`: the same,
 * by no fault of the sender; everything else was stored, or is nobody's business here.
 */
export type WebhookAnswer = 'stored' | 'ignored' | 'unauthenticated' | 'busy' | 'overloaded';

/** A notice as it came, with what it names. */
interface Arrived extends Omit<InboundEventToStore, 'owner'> {
  rawBody: Buffer;
  signature: string;
}

/** `unknown`: nobody has its case. `forged`: its owner's secrets do not fit. */
type Judged =
  | { outcome: 'unknown' | 'busy' }
  | { outcome: 'forged'; owner: CaseOwner }
  /** `withNewest`: signed with the newest secret, not with the one before it. */
  | { outcome: 'stored'; owner: CaseOwner; withNewest: boolean };

const digestOf = (rawBody: Buffer): string => createHash('sha256').update(rawBody).digest('base64');

/**
 * The vendor's notices: whose case, verify the very bytes, store the event and its job in one transaction, answer. A notice
 * is a hint; what it says about the case is not believed. Notices that come at the same time share one look and one commit.
 */
@Injectable()
export class ReceiveWebhook {
  private readonly log = new Logger('webhooks');
  private readonly overload = new Outage(this.log, 'taking webhooks');
  private readonly book = new Batcher((arrived: Arrived[]) => this.judge(arrived), {
    apart: ({ id, eventId }) => eventId ?? id,
  });

  constructor(
    private readonly provider: ScreeningProvider,
    private readonly inboundEvents: InboundEvents,
    private readonly rejected: RejectedSignatures,
    private readonly standings: WebhookStandings,
    private readonly unknownCases: UnknownCases,
    private readonly secrets: Secrets,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly ids: Ids,
  ) {}

  async take(rawBody: Buffer, signature: string | undefined): Promise<WebhookAnswer> {
    if (!this.provider.isSignature(signature)) return 'unauthenticated';
    const webhookEvent = this.provider.readWebhook(rawBody);
    if (!webhookEvent?.caseId) return 'ignored';
    const { eventId, eventType, caseId } = webhookEvent;
    const arrived = { id: this.ids.next(), eventId, eventType, caseId, digest: digestOf(rawBody), rawBody, signature };
    const judged = await this.judgedTwice(arrived).catch((error: unknown) => {
      if (!(error instanceof Overloaded)) throw error;
      this.overload.note(error);
      return null;
    });
    if (!judged) return 'overloaded';
    if (judged.outcome === 'forged') {
      this.rejected.count(judged.owner);
      return 'unauthenticated';
    }
    return judged.outcome === 'unknown' ? 'ignored' : judged.outcome;
  }

  private async judgedTwice(arrived: Arrived): Promise<Judged> {
    const judged = await this.book.ask(arrived);
    if (judged.outcome !== 'unknown') return judged;
    // The answer to an order may be later than the first notice about its case, or lost.
    if ((await this.unknownCases.judge(arrived)) === 'busy') return { outcome: 'busy' };
    // The answer to the order may have named the case in this very moment: then nobody waits for it any more.
    return this.book.ask(arrived);
  }

  private async judge(all: Arrived[]): Promise<Judged[]> {
    const owners = await this.inboundEvents.ownersOf(all.map(({ caseId }) => caseId));
    const judged = all.map((arrived): Judged => {
      const owner = owners.get(arrived.caseId);
      if (!owner) return { outcome: 'unknown' };
      const signedWith = this.signedWith(arrived, owner);
      return signedWith === null
        ? { outcome: 'forged', owner }
        : { outcome: 'stored', owner, withNewest: signedWith === 'newest' };
    });
    await this.store(
      all.flatMap(({ rawBody: _body, signature: _signature, ...webhookEvent }, nth) => {
        const verdict = judged[nth];
        return verdict?.outcome === 'stored' ? [{ ...webhookEvent, owner: verdict.owner }] : [];
      }),
      judged.flatMap((verdict) => (verdict.outcome === 'stored' && verdict.withNewest ? [verdict.owner] : [])),
    );
    return judged;
  }

  /** All of them with the jobs they lead to, or none. */
  private async store(webhookEvents: InboundEventToStore[], withNewest: CaseOwner[]): Promise<void> {
    if (webhookEvents.length === 0) return;
    const outcomes = await this.unitOfWork.run(async () => {
      const stored = await this.inboundEvents.store(webhookEvents);
      await this.standings.arrived(withNewest);
      const fresh = webhookEvents.filter((_, nth) => stored[nth] === 'fresh');
      // One job per order, in an order that two replicas share.
      const orders = new Map(fresh.map(({ owner }) => [owner.orderId, owner.teamId]));
      await this.outbox.publish([...orders].sort().map(([orderId, teamId]) => new CaseReported(teamId, orderId)));
      return stored;
    });
    webhookEvents.forEach(({ owner: { teamId }, eventId }, nth) => {
      if (outcomes[nth] !== 'conflicting') return;
      this.log.warn({ teamId, eventId }, 'an event came again with other bytes: the first ones count');
    });
  }

  private signedWith({ rawBody, signature }: Arrived, owner: CaseOwner): 'newest' | 'previous' | null {
    const { opened, unreadable } = this.open(owner.secrets);
    const fits = (secrets: string[]): boolean => this.provider.verifyWebhook(rawBody, signature, secrets);
    if (fits(opened)) return opened.length < 2 || fits(opened.slice(0, 1)) ? 'newest' : 'previous';
    // It may be authentic: the sender is to come again, perhaps to a replica that has the key.
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
