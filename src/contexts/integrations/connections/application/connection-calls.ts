import { Injectable, Logger } from '@nestjs/common';
import { Clock, Secrets, UnitOfWork } from '#kernel/ports';
import { VendorCalls } from '../../gateway/application/vendor-calls.js';
import {
  type Credentials,
  type OrderSearch,
  VendorFailure,
  type VendorCase,
} from '../../gateway/domain/vendor-terms.js';
import type { Vendor } from '../../gateway/domain/vendor.js';
import { Vendors } from '../../gateway/domain/vendors.js';
import { CallLog, type Purpose } from '../../gateway/domain/vendor-budget.js';
import type { Connection, RequiredAction } from '../domain/connection.js';
import { Connections } from '../domain/connections.js';
import { apiKeyPlace } from '../domain/secret-places.js';

/** Makes every call to the vendor for a saved connection: passes the gateway, adds the key, logs failures. */
@Injectable()
export class ConnectionCalls {
  private readonly log = new Logger('vendor-calls');

  constructor(
    private readonly connections: Connections,
    private readonly vendors: Vendors,
    private readonly vendorCalls: VendorCalls,
    private readonly callLog: CallLog,
    private readonly secrets: Secrets,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * One call to the connection's vendor that is not an order (see `OrderCalls`). Throws `budget_exhausted` (429) before anything is sent when no call is
   * left or the vendor asked for a pause, and the `VendorFailure` of the call itself. Must run outside a unit of work, because
   * the network is slow.
   */
  async call<T>(
    connection: Connection,
    purpose: Exclude<Purpose, 'order'>,
    send: (credentials: Credentials, vendor: Vendor) => Promise<T>,
  ): Promise<T> {
    await this.vendorCalls.admit(connection, purpose);
    const credentials = this.credentialsFor(connection, purpose);
    await this.vendorCalls.takeOne(connection, purpose);
    try {
      return await send(credentials, this.vendors.of(connection.vendor));
    } catch (error) {
      if (error instanceof VendorFailure) await this.noteFailure(connection, error);
      throw error;
    }
  }

  /** A complete list, every page within the rate budget, and how many calls it took. Only with the capability `listByTime`. */
  async list(
    connection: Connection,
    purpose: Exclude<Purpose, 'order'>,
    search: OrderSearch,
  ): Promise<{ cases: VendorCase[]; calls: number }> {
    const { list, name } = this.vendors.of(connection.vendor);
    if (!list) throw new Error(`${name} lists no orders.`);
    let calls = 0;
    const beforePage = async (): Promise<void> => {
      calls += 1;
      // The call itself counts for the first page.
      if (calls > 1) await this.vendorCalls.takeOne(connection, purpose);
    };
    const cases = await this.call(connection, purpose, (c) => list.findOrders(c, search, beforePage));
    return { cases, calls };
  }

  /** The key, and the hook that counts the requests of a call beyond its first. */
  credentialsFor(connection: Connection, purpose: Purpose): Credentials {
    const { teamId, id, region, environment, apiKey } = connection;
    const beforeExtraRequest = (): Promise<void> => this.vendorCalls.takeOne(connection, purpose);
    return {
      region,
      environment,
      apiKey: this.secrets.open(apiKey.sealed, apiKeyPlace(teamId, id)),
      beforeExtraRequest,
    };
  }

  /** Logs the failure for the admin. Starts a pause when throttled, and requires action when only a person can fix it. */
  async noteFailure(
    connection: Connection,
    failure: { reason: string; message: string; retryAfterMs?: number | null },
  ): Promise<void> {
    try {
      await this.callLog.failed(connection.teamId, connection.id, failure);
      if (failure.reason === 'throttled') await this.vendorCalls.noteThrottle(connection, failure.retryAfterMs ?? null);
      if (requiresAction(failure.reason)) await this.requireAction(connection, failure.reason, failure.message);
    } catch (error) {
      // Another request may have changed the connection at the same moment. The caller needs the failure itself, and the next
      // refused call logs it again.
      const why = error instanceof Error ? error.name : 'unknown';
      this.log.warn(`the failure "${failure.reason}" of connection ${connection.id} was not noted: ${why}`);
    }
  }

  private async requireAction(
    connection: Connection,
    reason: RequiredAction['reason'],
    message: string,
  ): Promise<void> {
    await this.unitOfWork.run(async () => {
      const present = await this.connections.byId(connection.teamId, connection.id);
      // The refused key may have been replaced while the call was in progress.
      if (!present || present.apiKey.sealed !== connection.apiKey.sealed) return;
      const now = this.clock.now();
      present.requireAction({ reason, message, at: now.toISOString() }, now);
      await this.connections.save(present);
    });
  }
}

function requiresAction(reason: string): reason is RequiredAction['reason'] {
  return reason === 'key_refused' || reason === 'misdirected';
}
