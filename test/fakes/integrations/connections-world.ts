import { type AccessLevel, Caller } from '#kernel/caller';
import { AccountProbe } from '../../../src/contexts/integrations/connections/application/account-probe.js';
import { Connect, ConnectHandler } from '../../../src/contexts/integrations/connections/application/connect.js';
import {
  type ConnectionInput,
  ConnectionSecrets,
} from '../../../src/contexts/integrations/connections/application/connection-secrets.js';
import {
  Disconnect,
  DisconnectHandler,
} from '../../../src/contexts/integrations/connections/application/disconnect.js';
import {
  ListPackages,
  ListPackagesHandler,
  PackageCatalogue,
  type PackageList,
} from '../../../src/contexts/integrations/connections/application/packages.js';
import {
  type ConnectionCheck,
  TryConnection,
  TryConnectionHandler,
} from '../../../src/contexts/integrations/connections/application/try-connection.js';
import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import { anId, FakeAudit, FakeIds } from '../platform.js';
import { FakeAttachedPackages } from './fake-connection-facts.js';
import { World } from './world.js';

/** The use cases of the room of connections, with everything in memory. */
export class ConnectionsWorld extends World {
  readonly audit = new FakeAudit(this.store);
  readonly attached = new FakeAttachedPackages();
  readonly admin = this.caller('admin');
  private readonly catalogue = new PackageCatalogue(this.connections, this.packages, this.vendors, this.calls);
  private readonly connectHandler = new ConnectHandler(
    this.connections,
    new ConnectionSecrets(this.secrets),
    new AccountProbe(this.vendorCalls, this.connections),
    this.catalogue,
    this.webhookStatuses,
    this.vendors,
    this.unitOfWork,
    this.audit,
    this.clock,
    new FakeIds(),
  );
  private readonly disconnectHandler = new DisconnectHandler(
    ...([this.connections, this.orders, this.unitOfWork, this.audit, this.clock] as const),
  );
  private readonly tryHandler = new TryConnectionHandler(
    ...([this.connections, this.vendors, this.calls, this.catalogue, this.webhookStatuses] as const),
  );
  private readonly listHandler = new ListPackagesHandler(this.catalogue, this.attached);

  caller(level: AccessLevel): Caller {
    const nobody = { kind: 'all_but', jobIds: [] } as const;
    return new Caller(this.teamId, { id: anId(), name: 'Ada' }, level, nobody, new Map(), []);
  }

  connect(input: ConnectionInput, caller = this.admin): Promise<void> {
    return this.connectHandler.execute(new Connect(caller, 'fake', input));
  }

  disconnect(caller = this.admin): Promise<void> {
    return this.disconnectHandler.execute(new Disconnect(caller, 'fake'));
  }

  try(caller = this.admin): Promise<ConnectionCheck[]> {
    return this.tryHandler.execute(new TryConnection(caller, 'fake'));
  }

  listPackages(options: { refresh?: boolean; caller?: Caller } = {}): Promise<PackageList> {
    const { refresh = false, caller = this.admin } = options;
    return this.listHandler.execute(new ListPackages(caller, 'fake', refresh));
  }

  /** The team's current connection, as it is stored. */
  async current(): Promise<Connection> {
    const current = await this.connections.currentOf(this.teamId, 'fake');
    if (!current) throw new Error('The team has no connection.');
    return current;
  }

  /** The audit entries since the last call, as action, outcome and what changed. */
  takeAudited(): unknown[][] {
    const fresh = this.audit.entries.slice(this.seen);
    this.seen += fresh.length;
    return fresh.map(({ action, outcome, from, to }) => [action, outcome, from, to]);
  }
  private seen = 0;
}
