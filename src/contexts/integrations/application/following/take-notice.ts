import { Injectable } from '@nestjs/common';
import { Ids, Outbox, Secrets, UnitOfWork } from '#kernel/ports';
import { CaseReported } from '../../domain/events.js';
import { ScreeningProvider } from '../../domain/screening-provider.js';
import { type CaseOwner, Deliveries, RejectedSignatures } from '../../domain/vendor-cases.js';

/** `unauthenticated` is the only refusal; everything else was stored, or is nobody's business here. */
export type NoticeAnswer = 'stored' | 'ignored' | 'unauthenticated';

/**
 * The vendor's notices: whose case, verify the very bytes, store the event and its job in one transaction, answer. A notice
 * is a hint; what it says about the case is not believed.
 */
@Injectable()
export class TakeNotice {
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
    const owner = await this.deliveries.ownerOf(caseId);
    if (!owner) return this.keepForOrdersUnderWay(rawBody, signature, caseId);
    if (!this.verifies(rawBody, signature, owner)) {
      this.rejected.count(owner.teamId, owner.connectionId);
      return 'unauthenticated';
    }
    await this.unitOfWork.run(async () => {
      const fresh = await this.deliveries.store(owner, { id: this.ids.next(), eventId, eventType, caseId });
      if (fresh) await this.outbox.publish([new CaseReported(owner.teamId, owner.orderId)]);
    });
    return 'stored';
  }

  /** The answer to an order may be later than the first notice about its case, or lost. */
  private async keepForOrdersUnderWay(
    rawBody: Buffer,
    signature: string | undefined,
    caseId: string,
  ): Promise<NoticeAnswer> {
    for (const waiting of await this.deliveries.waitingForACase()) {
      if (this.verifies(rawBody, signature, waiting)) {
        await this.deliveries.keepOrphan(waiting.teamId, waiting.connectionId, caseId);
      }
    }
    return 'ignored';
  }

  private verifies(rawBody: Buffer, signature: string | undefined, owner: Pick<CaseOwner, 'secrets'>): boolean {
    const secrets = owner.secrets.map(({ sealed, place }) => this.secrets.open(sealed, place));
    return this.provider.verifyNotice(rawBody, signature, secrets);
  }
}
