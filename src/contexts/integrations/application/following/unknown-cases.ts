import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { UnreadableSecret } from '#kernel/errors';
import { Outbox, Secrets, UnitOfWork } from '#kernel/ports';
import { Batcher, Overloaded } from '#platform/batcher';
import { UnknownCaseSeen } from '../../domain/events.js';
import { ScreeningProvider } from '../../domain/screening-provider.js';
import { InboundEvents, type WaitingConnection } from '../../domain/vendor-cases.js';

/** A notice about a case that nobody has, and that may be what came of an order under way. */
export interface UnmatchedEvent {
  caseId: string;
  rawBody: Buffer;
  signature: string;
}

/** `busy`: it could not be judged now, and is worth sending again. */
export type UnknownVerdict = 'kept' | 'nobodys' | 'busy';

type Candidate = Pick<WaitingConnection, 'teamId' | 'connectionId'> & { secrets: string[] };

/** Notices that share one look at the connections with orders under way. */
const atOnce = 20;
/** Beyond these, anonymous notices are told to come again before anything is looked up. */
const mostWaiting = 200;
/** The connections whose secrets are tried, those with the newest orders first. */
const mostCandidates = 500;
/** What may be hashed in a second on a replica, a tenth of a core; trying one secret costs as much as 8 KiB besides. */
const bytesPerSecond = 40 * 1024 * 1024;
const overheadBytes = 8 * 1024;

/**
 * Anybody may send notices about cases that nobody knows, and each could be authentic for any connection that waits for an
 * order's answer. Trying them is bounded per replica; what is beyond the bounds is refused for now, never dropped.
 */
@Injectable()
export class UnknownCases {
  private readonly hashing = new RateLimiterMemory({ points: bytesPerSecond, duration: 1 });
  private readonly tries = new Batcher((webhookEvents: UnmatchedEvent[]) => this.tryAll(webhookEvents), {
    limit: atOnce,
    mostWaiting,
  });

  constructor(
    private readonly provider: ScreeningProvider,
    private readonly inboundEvents: InboundEvents,
    private readonly secrets: Secrets,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
  ) {}

  /** `kept`: it was signed for a connection with an order under way, whose case it may be. */
  async judge(webhookEvent: UnmatchedEvent): Promise<UnknownVerdict> {
    try {
      return await this.tries.ask(webhookEvent);
    } catch (error) {
      if (error instanceof Overloaded) return 'busy';
      throw error;
    }
  }

  /** Looked up after they came: an order is on record as being sent before the vendor can know of its case. */
  private async tryAll(webhookEvents: UnmatchedEvent[]): Promise<UnknownVerdict[]> {
    const found = await this.inboundEvents.waitingForACase(mostCandidates + 1);
    const candidates = found.slice(0, mostCandidates).flatMap((connection) => this.opened(connection));
    const someUntried = found.length > mostCandidates;
    const verdicts: UnknownVerdict[] = [];
    for (const webhookEvent of webhookEvents) {
      const verdict = await this.tryOne(webhookEvent, candidates);
      verdicts.push(verdict === 'nobodys' && someUntried ? 'busy' : verdict);
      // Others have their turn between two.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return verdicts;
  }

  private async tryOne(webhookEvent: UnmatchedEvent, candidates: Candidate[]): Promise<UnknownVerdict> {
    const tries = candidates.reduce((sum, { secrets }) => sum + secrets.length, 0);
    if (!(await this.mayHash(tries * (webhookEvent.rawBody.length + overheadBytes)))) return 'busy';
    const { rawBody, signature, caseId } = webhookEvent;
    const signers = candidates.filter(({ secrets }) => this.provider.verifyWebhook(rawBody, signature, secrets));
    for (const { teamId, connectionId } of signers) {
      await this.unitOfWork.run(async () => {
        const kept = await this.inboundEvents.keepUnmatchedCase(teamId, connectionId, caseId);
        if (kept !== null) await this.outbox.publish([new UnknownCaseSeen(teamId, connectionId, kept)]);
      });
    }
    return signers.length > 0 ? 'kept' : 'nobodys';
  }

  private async mayHash(bytes: number): Promise<boolean> {
    if (bytes === 0) return true;
    try {
      await this.hashing.consume('all', bytes);
      return true;
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return false;
    }
  }

  /** One team's secret that does not open here is no hindrance to the others: their case is found by the feed. */
  private opened({ teamId, connectionId, secrets }: WaitingConnection): Candidate[] {
    try {
      return [{ teamId, connectionId, secrets: secrets.map(({ sealed, place }) => this.secrets.open(sealed, place)) }];
    } catch (error) {
      if (!(error instanceof UnreadableSecret)) throw error;
      return [];
    }
  }
}
