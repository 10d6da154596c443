import {
  type CaseOwner,
  InboundEvents,
  type InboundEventToStore,
  RejectedSignatures,
  type WaitingConnection,
} from '../../../src/contexts/integrations/cases/domain/vendor-cases.js';
import { webhookSecretPlace } from '../../../src/contexts/integrations/connections/domain/secret-places.js';
import type { FakeConnections, Fields } from './fake-connections.js';
import type { InboundEventRow, IntegrationsTables } from './tables.js';

/** Passes the suite of `InboundEvents`. */
export class FakeInboundEvents extends InboundEvents {
  constructor(
    private readonly tables: IntegrationsTables,
    private readonly connections: FakeConnections,
  ) {
    super();
  }

  async ownersOf(caseIds: string[], vendor: string): Promise<Map<string, CaseOwner>> {
    const linked = this.tables.caseLinks.where(({ caseId }) => caseIds.includes(caseId));
    return new Map(
      linked.flatMap(({ caseId, teamId, orderId }): [string, CaseOwner][] => {
        const connectionId = this.tables.cases.get(`${teamId}/${orderId}`)?.connectionId;
        const connection = this.connections.stored.find((one) => one.teamId === teamId && one.id === connectionId);
        if (connection?.vendor !== vendor) return [];
        return [[caseId, { teamId, orderId, connectionId: connection.id, secrets: this.secretsOf(connection) }]];
      }),
    );
  }

  async waitingForACase(vendor: string, most: number): Promise<WaitingConnection[]> {
    const inFlight = this.tables.orders
      .where(({ state }) => state === 'sending' || state === 'in_doubt')
      .toSorted((one, other) => other.updatedAt.getTime() - one.updatedAt.getTime());
    const waiting = [...new Set(inFlight.map(({ teamId, connectionId }) => `${teamId}/${connectionId}`))];
    const ofVendor = this.connections.stored.filter((one) => one.vendor === vendor);
    return waiting
      .flatMap((key) => ofVendor.filter(({ teamId, id }) => `${teamId}/${id}` === key))
      .slice(0, most)
      .map((one) => ({ teamId: one.teamId, connectionId: one.id, host: one.host, secrets: this.secretsOf(one) }));
  }

  async store(webhookEvents: InboundEventToStore[]): Promise<('fresh' | 'repeated' | 'conflicting')[]> {
    const keys = webhookEvents.map(({ owner, eventId, id }) => `${owner.connectionId} ${eventId ?? id}`);
    for (const key of keys.toSorted()) await this.tables.store.lock(`event ${key}`);
    return webhookEvents.map((webhookEvent) => this.storeOne(webhookEvent));
  }

  async settleAll(teamId: string, orderIds: string[], readAt: Date, outcome: 'applied' | 'unchanged'): Promise<number> {
    const open = this.tables.inboundEvents.where(
      (row) =>
        row.teamId === teamId &&
        orderIds.includes(row.orderId) &&
        row.receivedAt <= readAt &&
        (row.outcome === null || row.outcome === 'failed'),
    );
    for (const row of open) this.save({ ...row, outcome, failure: null });
    return open.length;
  }

  async fail(teamId: string, orderId: string, failure: string): Promise<void> {
    for (const row of this.tables.inboundEvents.where((one) => one.teamId === teamId && one.orderId === orderId))
      if (row.outcome === null) this.save({ ...row, outcome: 'failed', failure });
  }

  async reopen(teamId: string, vendor: string, id: string): Promise<string | null> {
    const [row] = this.tables.inboundEvents.where(
      (one) => one.teamId === teamId && (one.id === id || one.repeatId === id),
    );
    const isOfOther = this.connections.stored.some(
      (one) => one.teamId === teamId && one.id === row?.connectionId && one.vendor !== vendor,
    );
    if (!row || isOfOther) return null;
    this.save({ ...row, outcome: null, failure: null });
    return row.orderId;
  }

  private storeOne(given: InboundEventToStore): 'fresh' | 'repeated' | 'conflicting' {
    const { owner, id, eventId, eventType, caseId, digest } = given;
    const { teamId, connectionId, orderId } = owner;
    const now = this.tables.clock.now();
    const [known] = this.tables.inboundEvents.where(
      (row) =>
        eventId !== null && row.teamId === teamId && row.connectionId === connectionId && row.eventId === eventId,
    );
    if (!known) {
      const named = { teamId, connectionId, orderId, id, eventId, eventType, caseId, digest };
      const nothing = { outcome: null, failure: null, repeatId: null, conflicts: 0 };
      this.save({ ...named, ...nothing, receivedAt: now, announcedAt: now });
      return 'fresh';
    }
    const isConflicting = known.digest !== null && known.digest !== digest;
    this.save({
      ...known,
      announcedAt: known.announcedAt ?? now,
      digest: known.digest ?? digest,
      // An event that the feed delivered first counts as announced late, not as repeated.
      repeatId: known.announcedAt === null ? known.repeatId : (known.repeatId ?? id),
      conflicts: known.conflicts + Number(isConflicting),
    });
    return isConflicting ? 'conflicting' : 'repeated';
  }

  private save(row: InboundEventRow): void {
    this.tables.inboundEvents.set(row.id, row);
  }

  private secretsOf({
    teamId,
    id,
    webhookSecret,
    previousWebhookSecret,
    previousAcceptedUntil,
  }: Fields): CaseOwner['secrets'] {
    const isAccepted = previousAcceptedUntil !== null && previousAcceptedUntil > this.tables.clock.now();
    const sealed = [webhookSecret.sealed, isAccepted ? previousWebhookSecret : null].filter((one) => one !== null);
    return sealed.map((one) => ({ sealed: one, place: webhookSecretPlace(teamId, id) }));
  }
}

/** Passes the suite of `RejectedSignatures`. Writes at once. */
export class FakeRejectedSignatures extends RejectedSignatures {
  constructor(
    private readonly tables: IntegrationsTables,
    private readonly connections: FakeConnections,
  ) {
    super();
  }

  count({ teamId, connectionId, secrets }: CaseOwner): void {
    const key = `${teamId}/${connectionId}`;
    const connection = this.connections.stored.find((one) => one.teamId === teamId && one.id === connectionId);
    if (connection?.webhookSecret.sealed !== secrets[0]?.sealed) return;
    const row = this.tables.webhooks.get(key) ?? { workingSince: null, refusedSince: null, refused: 0 };
    const refusedSince = row.refusedSince ?? this.tables.clock.now();
    this.tables.webhooks.set(key, { ...row, refusedSince, refused: row.refused + 1 });
  }
}
