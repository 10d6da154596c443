import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import type { Connection } from '../../domain/connection.js';
import { Connections } from '../../domain/connections.js';
import { notEnabled } from '../../domain/errors.js';
import { NoticeRecord } from '../../domain/notice-record.js';
import { ProviderFailure, ScreeningProvider } from '../../domain/screening-provider.js';
import { VendorCalls } from '../vendor-calls.js';
import { PackageCatalogue } from './packages.js';

/** Tries the saved connection now, part by part. */
export class TryConnection {
  constructor(readonly caller: Caller) {}
}

export interface ConnectionCheck {
  name: 'api_key' | 'packages' | 'webhook';
  ok: boolean;
  detail: string;
}

@QueryHandler(TryConnection)
export class TryConnectionHandler implements IQueryHandler<TryConnection, ConnectionCheck[]> {
  constructor(
    private readonly connections: Connections,
    private readonly provider: ScreeningProvider,
    private readonly calls: VendorCalls,
    private readonly catalogue: PackageCatalogue,
    private readonly notices: NoticeRecord,
  ) {}

  async execute({ caller }: TryConnection): Promise<ConnectionCheck[]> {
    caller.require('manage_integrations');
    const connection = await this.connections.currentOf(caller.teamId);
    if (!connection) throw notEnabled();
    // One after the other: a refused key is said once, by the first of them.
    const key = await attempt('api_key', () => this.tryKey(connection));
    const packages = await attempt('packages', () => this.countPackages(connection));
    return [key, packages, await this.webhook(connection)];
  }

  private async tryKey(connection: Connection): Promise<string> {
    await this.calls.call(connection, 'test', (credentials) => this.provider.tryCredentials(credentials));
    return connection.state === 'enabled'
      ? 'Certn accepts the saved API key.'
      : 'Certn accepts the saved API key. Save the connection once more to switch it on again.';
  }

  private async countPackages(connection: Connection): Promise<string> {
    const { packages } = await this.catalogue.read(connection, 'test');
    const active = packages.filter((found) => found.active).length;
    if (active === 0) throw new NothingToOrder();
    return `${active} of ${packages.length} packages can be ordered.`;
  }

  private async webhook(connection: Connection): Promise<ConnectionCheck> {
    const { lastEventAt, rejectedIn24h } = await this.notices.of(connection);
    const ok = rejectedIn24h === 0;
    const last = lastEventAt
      ? `The last event came at ${lastEventAt.toUTCString()}.`
      : 'No event has come yet: the first one comes after a check is sent.';
    const detail = ok
      ? `A webhook secret key is saved. ${last}`
      : `${rejectedIn24h} events in the last 24 hours were signed with another secret than the saved one. ${last}`;
    return { name: 'webhook', ok, detail };
  }
}

class NothingToOrder extends Error {
  constructor() {
    super('The account has no active package: make one in Certn, then refresh the list.');
  }
}

async function attempt(name: ConnectionCheck['name'], work: () => Promise<string>): Promise<ConnectionCheck> {
  try {
    return { name, ok: true, detail: await work() };
  } catch (error) {
    const expected =
      error instanceof ProviderFailure || error instanceof DomainError || error instanceof NothingToOrder;
    if (!expected) throw error;
    return { name, ok: false, detail: error.message };
  }
}
