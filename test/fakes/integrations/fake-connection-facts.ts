import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import {
  AttachedPackages,
  type KnownPackages,
  Packages,
} from '../../../src/contexts/integrations/connections/domain/packages.js';
import {
  SealedSecrets,
  type StoredSecret,
} from '../../../src/contexts/integrations/connections/domain/sealed-secrets.js';
import {
  type WebhookStatus,
  WebhookStatuses,
} from '../../../src/contexts/integrations/connections/domain/webhook-status.js';
import type { VendorPackage } from '../../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import { FakeTable } from '../fake-store.js';
import type { FakeConnections } from './fake-connections.js';
import type { IntegrationsTables } from './tables.js';

type Key = Pick<Connection, 'teamId' | 'id'>;
const keyOf = ({ teamId, id }: Key): string => `${teamId}/${id}`;
const untouched = { workingSince: null, refusedSince: null, refused: 0 };
const refusalsToReport = 3;

/** Passes the suite of `WebhookStatuses`. */
export class FakeWebhookStatuses extends WebhookStatuses {
  constructor(private readonly tables: IntegrationsTables) {
    super();
  }

  async of(connection: Key): Promise<WebhookStatus> {
    const { workingSince, refusedSince, refused } = this.tables.webhooks.get(keyOf(connection)) ?? untouched;
    if (refused >= refusalsToReport) {
      const likelyCause = workingSince ? 'secret_changed' : 'wrong_secret';
      return { state: 'refused', since: refusedSince, likelyCause, refused };
    }
    return { state: workingSince ? 'working' : 'waiting', since: workingSince, likelyCause: null, refused };
  }

  async lastEventAt(connection: Key): Promise<Date | null> {
    return this.tables.eventsOf(connection).at(-1)?.receivedAt ?? null;
  }

  async arrived(connections: { teamId: string; connectionId: string }[]): Promise<void> {
    for (const { teamId, connectionId: id } of connections) {
      const { workingSince, refused } = this.tables.webhooks.get(keyOf({ teamId, id })) ?? untouched;
      const began = refused >= refusalsToReport || !workingSince ? this.tables.clock.now() : workingSince;
      this.tables.webhooks.set(keyOf({ teamId, id }), { ...untouched, workingSince: began });
    }
  }

  async restart(connection: Key): Promise<void> {
    this.tables.webhooks.delete(keyOf(connection));
  }
}

/** Passes the suite of `Packages`. */
export class FakePackages extends Packages {
  private readonly rows: FakeTable<KnownPackages>;

  constructor(private readonly tables: IntegrationsTables) {
    super();
    this.rows = new FakeTable(tables.store);
  }

  async lastKnown(connection: Connection): Promise<(KnownPackages & { ageSeconds: number }) | null> {
    const row = this.rows.get(keyOf(connection));
    return row && { ...row, ageSeconds: (this.tables.clock.now().getTime() - row.fetchedAt.getTime()) / 1000 };
  }

  async replace(connection: Connection, packages: VendorPackage[]): Promise<KnownPackages> {
    const known = { packages, fetchedAt: this.tables.clock.now() };
    this.rows.set(keyOf(connection), known);
    return known;
  }
}

/** The packages that interview plans name, as the test says. */
export class FakeAttachedPackages extends AttachedPackages {
  readonly byTeam = new Map<string, string[]>();

  async idsOf(teamId: string): Promise<string[]> {
    return this.byTeam.get(teamId) ?? [];
  }
}

/** Passes the suite of `SealedSecrets`. */
export class FakeSealedSecrets extends SealedSecrets {
  constructor(private readonly connections: FakeConnections) {
    super();
  }

  async teamsNotSealedWith(kid: string): Promise<string[]> {
    const others = this.all().filter(({ sealed }) => sealed.split('.', 1)[0] !== kid);
    return [...new Set(others.map(({ teamId }) => teamId))].toSorted();
  }

  async ofTeam(teamId: string): Promise<StoredSecret[]> {
    return this.all().filter((secret) => secret.teamId === teamId);
  }

  async replace({ teamId, connectionId, column, sealed }: StoredSecret, resealed: string): Promise<boolean> {
    const present = this.all().find((one) => one.connectionId === connectionId && one.column === column);
    if (present?.sealed !== sealed) return false;
    this.connections.change(teamId, connectionId, (row) => {
      if (column === 'api_key') return { apiKey: { ...row.apiKey, sealed: resealed } };
      if (column === 'webhook_secret') return { webhookSecret: { ...row.webhookSecret, sealed: resealed } };
      return { previousWebhookSecret: resealed };
    });
    return true;
  }

  private all(): StoredSecret[] {
    const secrets = this.connections.stored.flatMap((row) =>
      (
        [
          ['api_key', row.apiKey.sealed],
          ['webhook_secret', row.webhookSecret.sealed],
          ['previous_webhook_secret', row.previousWebhookSecret],
        ] as const
      ).flatMap(([column, sealed]) =>
        sealed === null ? [] : [{ teamId: row.teamId, connectionId: row.id, column, sealed }],
      ),
    );
    const place = (secret: StoredSecret): string => `${secret.connectionId} ${secret.column}`;
    return secrets.toSorted((one, other) => place(one).localeCompare(place(other)));
  }
}
