import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import { VendorFailure } from '../../gateway/domain/vendor-terms.js';
import { Vendors } from '../../gateway/domain/vendors.js';
import type { Connection } from '../domain/connection.js';
import { Connections } from '../domain/connections.js';
import { notEnabled } from '../domain/errors.js';
import { type WebhookStatus, WebhookStatuses } from '../domain/webhook-status.js';
import { ConnectionCalls } from './connection-calls.js';
import { PackageCatalogue } from './packages.js';

/** Tests the saved connection to a vendor now: API key, packages, webhook. */
export class TryConnection {
  constructor(
    readonly caller: Caller,
    readonly vendor: string,
  ) {}
}

export interface ConnectionCheck {
  name: 'api_key' | 'packages' | 'webhook';
  /** No problem is known. */
  ok: boolean;
  /** `waiting`: nothing is known yet. */
  state: 'ok' | 'waiting' | 'failed';
  detail: string;
}

@QueryHandler(TryConnection)
export class TryConnectionHandler implements IQueryHandler<TryConnection, ConnectionCheck[]> {
  constructor(
    private readonly connections: Connections,
    private readonly vendors: Vendors,
    private readonly calls: ConnectionCalls,
    private readonly catalogue: PackageCatalogue,
    private readonly webhookStatuses: WebhookStatuses,
  ) {}

  async execute({ caller, vendor }: TryConnection): Promise<ConnectionCheck[]> {
    caller.require('manage_integrations');
    const connection = await this.connections.currentOf(caller.teamId, vendor);
    const { name } = this.vendors.of(vendor);
    if (!connection) throw notEnabled(name);
    // In sequence, so that a refused key is reported once, by the first check.
    const key = await attempt('api_key', () => this.tryKey(connection, name));
    const packages = await attempt('packages', () => this.countPackages(connection, name));
    return [key, packages, await this.webhook(connection, name)];
  }

  private async tryKey(connection: Connection, vendor: string): Promise<string> {
    await this.calls.call(connection, 'test', (key, { account }) => account.tryCredentials(key));
    return connection.state === 'enabled'
      ? `${vendor} accepts the saved API key.`
      : `${vendor} accepts the saved API key. Save the connection again to turn it back on.`;
  }

  private async countPackages(connection: Connection, vendor: string): Promise<string> {
    const { packages } = await this.catalogue.read(connection, 'test');
    const active = packages.filter((found) => found.active).length;
    if (active === 0) throw new NoActivePackage(vendor);
    return `${active} of ${packages.length} packages can be ordered.`;
  }

  private async webhook(connection: Connection, vendor: string): Promise<ConnectionCheck> {
    const [status, lastEventAt] = await Promise.all([
      this.webhookStatuses.of(connection),
      this.webhookStatuses.lastEventAt(connection),
    ]);
    return { name: 'webhook', ...describeWebhook(vendor, status, lastEventAt) };
  }
}

function describeWebhook(
  vendor: string,
  status: WebhookStatus,
  lastEventAt: Date | null,
): Omit<ConnectionCheck, 'name'> {
  const since = status.since?.toUTCString() ?? '';
  switch (status.state) {
    case 'waiting':
      return {
        ok: true,
        state: 'waiting',
        detail:
          `Waiting for the first event from ${vendor}. It arrives after a check is sent, if ${vendor} has the webhook URL and ` +
          'the saved webhook secret key is right.',
      };
    case 'working':
      return {
        ok: true,
        state: 'ok',
        detail: `Events from ${vendor} have arrived since ${since}. The last one arrived ${(lastEventAt ?? status.since)?.toUTCString()}.`,
      };
    case 'refused':
      return {
        ok: false,
        state: 'failed',
        detail: `${status.refused} events since ${since} didn't match this secret. Copy it again from ${vendor}.`,
      };
  }
}

class NoActivePackage extends Error {
  constructor(vendor: string) {
    super(`The account has no active package. Create one in ${vendor}, then refresh the list.`);
  }
}

async function attempt(name: ConnectionCheck['name'], work: () => Promise<string>): Promise<ConnectionCheck> {
  try {
    return { name, ok: true, state: 'ok', detail: await work() };
  } catch (error) {
    const expected = error instanceof VendorFailure || error instanceof DomainError || error instanceof NoActivePackage;
    if (!expected) throw error;
    return { name, ok: false, state: 'failed', detail: error.message };
  }
}
