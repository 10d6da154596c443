import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Ids, Outbox, Secrets, UnitOfWork } from '#kernel/ports';
import { CaseReported, UnknownCaseSeen } from '../../domain/events.js';
import { ScreeningProvider } from '../../domain/screening-provider.js';
import { type CaseOwner, Deliveries, RejectedSignatures } from '../../domain/vendor-cases.js';

/** `unauthenticated` is the only refusal; everything else was stored, or is nobody's business here. */
export type NoticeAnswer = 'stored' | 'ignored' | 'unauthenticated';

const digestOf = (rawBody: Buffer): string => createHash('sha256').update(rawBody).digest('base64');

/**
 * The vendor's notices: whose case, verify the very bytes, store the event and its job in one transaction, answer. A notice
 * is a hint; what it says about the case is not believed.
 */
@Injectable()
export class TakeNotice {
  private readonly log = new Logger('notices');

  constructor(
    private readonly provider: ScreeningProvider,
    private readonly deliveries: Deliveries,
    private readonly rejected: RejectedSignatures,
    private readonly secrets: Secrets,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly ids: Ids,
  ) {}

  async take(rawBody: Buffer, signature: string | undefined): Promise<NoticeAnswer> {
    if (!this.provider.isSignature(signature)) return 'unauthenticated';
    const notice = this.provider.readNotice(rawBody);
    if (!notice?.caseId) return 'ignored';
    const { eventId, eventType, caseId } = notice;
    const owner = await this.ownerOf(rawBody, signature, caseId);
    if (!owner) return 'ignored';
    if (!this.verifies(rawBody, signature, owner)) {
      this.rejected.count(owner.teamId, owner.connectionId);
      return 'unauthenticated';
    }
    const entry = { id: this.ids.next(), eventId, eventType, caseId, digest: digestOf(rawBody) };
    await this.unitOfWork.run(async () => {
      const stored = await this.deliveries.store(owner, entry);
      if (stored === 'fresh') await this.outbox.publish([new CaseReported(owner.teamId, owner.orderId)]);
      if (stored === 'conflicting')
        this.log.warn({ teamId: owner.teamId, eventId }, 'an event came again with other bytes: the first ones count');
    });
    return 'stored';
  }

  private async ownerOf(rawBody: Buffer, signature: string | undefined, caseId: string): Promise<CaseOwner | null> {
    const owner = await this.deliveries.ownerOf(caseId);
    if (owner) return owner;
    await this.keepForOrdersUnderWay(rawBody, signature, caseId);
    // The answer to the order may have named the case in this very moment: then nobody waits for it any more.
    return this.deliveries.ownerOf(caseId);
  }

  /** The answer to an order may be later than the first notice about its case, or lost. */
  private async keepForOrdersUnderWay(rawBody: Buffer, signature: string | undefined, caseId: string): Promise<void> {
    for (const waiting of await this.deliveries.waitingForACase()) {
      if (!this.verifies(rawBody, signature, waiting)) continue;
      const { teamId, connectionId } = waiting;
      await this.unitOfWork.run(async () => {
        await this.deliveries.keepOrphan(teamId, connectionId, caseId);
        await this.outbox.publish([new UnknownCaseSeen(teamId, connectionId, caseId)]);
      });
    }
  }

  private verifies(rawBody: Buffer, signature: string | undefined, owner: Pick<CaseOwner, 'secrets'>): boolean {
    const secrets = owner.secrets.map(({ sealed, place }) => this.secrets.open(sealed, place));
    return this.provider.verifyNotice(rawBody, signature, secrets);
  }
}
