import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { UnreadableSecret } from '#kernel/errors';
import { Outbox, Secrets, UnitOfWork } from '#kernel/ports';
import { Batcher, Overloaded } from '#platform/batcher';
import type { Vendor } from '../../../gateway/domain/vendor.js';
import { CaseLinks } from '../../../orders/domain/case-links.js';
import { UnknownCaseSeen } from '../../../orders/domain/events.js';
import { InboundEvents, type WaitingConnection } from '../../domain/vendor-cases.js';

/** A webhook event about a case that no order has, and that may belong to an order in progress. */
export interface UnmatchedEvent {
  /** The vendor whose webhook endpoint it came to. */
  vendor: Vendor;
  caseId: string;
  rawBody: Buffer;
  signature: string;
}

/** `kept`: stored as an unmatched case · `no_match`: no connection's secret signed it · `busy`: not checked; send it again. */
export type UnknownVerdict = 'kept' | 'no_match' | 'busy';

type Candidate = Pick<WaitingConnection, 'teamId' | 'connectionId' | 'host'> & { secrets: string[] };

/** Events that share one lookup of the connections with orders in progress. */
const atOnce = 20;
/** When more events wait, further ones are answered `busy` before anything is looked up. */
const mostWaiting = 200;
/** Connections of a vendor whose secrets are tried, those with the newest orders first. */
const mostCandidates = 500;
/** Bytes a replica may hash in a second, about a tenth of a core. Trying one secret costs as much as another 8 KiB. */
const bytesPerSecond = 40 * 1024 * 1024;
const overheadBytes = 8 * 1024;

/**
 * Identifies the connection of webhook events about unmatched cases. Anyone can send such an event, and it could be authentic
 * for any connection with an order in progress. The work is bounded per replica. Beyond the bounds events are answered `busy`,
 * so that the vendor sends them again and none is lost.
 */
@Injectable()
export class UnknownCases {
  private readonly hashing = new RateLimiterMemory({ points: bytesPerSecond, duration: 1 });
  private readonly tries = new Batcher((webhookEvents: UnmatchedEvent[]) => this.tryAll(webhookEvents), {
    limit: atOnce,
    mostWaiting,
  });

  constructor(
    private readonly inboundEvents: InboundEvents,
    private readonly links: CaseLinks,
    private readonly secrets: Secrets,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
  ) {}

  /** `kept`: signed with the secret of a connection with an order in progress, whose case it may be. */
  async identify(webhookEvent: UnmatchedEvent): Promise<UnknownVerdict> {
    try {
      return await this.tries.ask(webhookEvent);
    } catch (error) {
      if (error instanceof Overloaded) return 'busy';
      throw error;
    }
  }

  /** Looks up connections after the events arrived: an order is stored as `sending` before the vendor can create its case. */
  private async tryAll(webhookEvents: UnmatchedEvent[]): Promise<UnknownVerdict[]> {
    const verdicts = new Map<UnmatchedEvent, UnknownVerdict>();
    for (const [vendor, ofVendor] of Map.groupBy(webhookEvents, ({ vendor: { id } }) => id)) {
      const found = await this.inboundEvents.waitingForACase(vendor, mostCandidates + 1);
      const candidates = found.slice(0, mostCandidates).flatMap((connection) => this.opened(connection));
      const someUntried = found.length > mostCandidates;
      for (const webhookEvent of ofVendor) {
        const verdict = await this.tryOne(webhookEvent, candidates);
        verdicts.set(webhookEvent, verdict === 'no_match' && someUntried ? 'busy' : verdict);
        // Let other work of this process run between two events.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    return webhookEvents.map((webhookEvent) => verdicts.get(webhookEvent) ?? 'busy');
  }

  private async tryOne(webhookEvent: UnmatchedEvent, candidates: Candidate[]): Promise<UnknownVerdict> {
    const { vendor } = webhookEvent;
    const tries = candidates.reduce((sum, { secrets }) => sum + secrets.length, 0);
    if (!(await this.mayHash(tries * (webhookEvent.rawBody.length + overheadBytes)))) return 'busy';
    const { rawBody, signature, caseId } = webhookEvent;
    const signers = candidates.filter(({ secrets }) => vendor.webhooks.verifyWebhook(rawBody, signature, secrets));
    for (const { teamId, connectionId, host } of signers) {
      await this.unitOfWork.run(async () => {
        const kept = await this.links.storeUnmatchedCase({ teamId, id: connectionId, host }, caseId);
        if (kept !== null) await this.outbox.publish([new UnknownCaseSeen(teamId, connectionId, kept)]);
      });
    }
    return signers.length > 0 ? 'kept' : 'no_match';
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

  /** Skips a connection whose secret does not open here, so that others are still tried. The feed finds its cases. */
  private opened({ secrets, ...connection }: WaitingConnection): Candidate[] {
    try {
      return [{ ...connection, secrets: secrets.map(({ sealed, place }) => this.secrets.open(sealed, place)) }];
    } catch (error) {
      if (!(error instanceof UnreadableSecret)) throw error;
      return [];
    }
  }
}
