import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '#kernel/errors';
import { Clock, Secrets, UnitOfWork } from '#kernel/ports';
import type { Attention, Connection } from '../domain/connection.js';
import { Connections } from '../domain/connections.js';
import {
  type Credentials,
  type OrderSearch,
  ProviderFailure,
  ScreeningProvider,
  type VendorCase,
} from '../domain/screening-provider.js';
import { type Admission, VendorCircuitBreaker } from '../domain/vendor-circuit-breaker.js';
import { CallLog, type Purpose, VendorBudget } from '../domain/vendor-budget.js';
import { apiKeyPlace } from '../domain/secret-places.js';

/** Every call to the vendor for a saved connection goes through here: within the budget, with the key, noted when it fails. */
@Injectable()
export class VendorCalls {
  private readonly log = new Logger('vendor-calls');

  constructor(
    private readonly connections: Connections,
    private readonly provider: ScreeningProvider,
    private readonly budget: VendorBudget,
    private readonly breaker: VendorCircuitBreaker,
    private readonly callLog: CallLog,
    private readonly secrets: Secrets,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * One call that is no order (see `OrderCalls`). Throws `budget_exhausted` (429) before anything is sent when none is left or
   * the vendor asked for a pause, and the `ProviderFailure` of the call itself. Must run outside a unit of work: the network is
   * slow.
   */
  async call<T>(
    connection: Connection,
    purpose: Exclude<Purpose, 'order'>,
    send: (credentials: Credentials) => Promise<T>,
  ): Promise<T> {
    const { accountKey } = connection;
    const admission = await this.breaker.admit(accountKey, purpose);
    if (admission.kind === 'wait') throw mustWait(admission);
    const credentials = this.credentialsFor(connection, purpose);
    await this.takeOne(accountKey, purpose);
    try {
      return await send(credentials);
    } catch (error) {
      if (error instanceof ProviderFailure) await this.noteFailure(connection, error);
      throw error;
    }
  }

  /** A whole list, every page of it within the budget; and how many calls that took. */
  async list(
    connection: Connection,
    purpose: Exclude<Purpose, 'order'>,
    search: OrderSearch,
  ): Promise<{ cases: VendorCase[]; calls: number }> {
    let calls = 0;
    const beforePage = async (): Promise<void> => {
      calls += 1;
      // The call itself counts for the first page.
      if (calls > 1) await this.takeOne(connection.accountKey, purpose);
    };
    const cases = await this.call(connection, purpose, (c) => this.provider.findOrders(c, search, beforePage));
    return { cases, calls };
  }

  /** Counts one call, for those that make more than one under one `call` (the pages of a list). */
  async takeOne(accountKey: string, purpose: Purpose): Promise<void> {
    const answer = await this.budget.take(accountKey, purpose);
    if (!answer.taken) throw budgetExhausted(answer.retryAfterSeconds);
  }

  /** The call was counted, and then never left. Should this fail, the day is one call shorter. */
  async giveBack(connection: Connection, purpose: Purpose): Promise<void> {
    await this.budget.giveBack(connection.accountKey, purpose);
  }

  /** The key, and what counts the requests of a call beyond its first. */
  credentialsFor({ teamId, id, region, environment, apiKey, accountKey }: Connection, purpose: Purpose): Credentials {
    const beforeExtraRequest = (): Promise<void> => this.takeOne(accountKey, purpose);
    return {
      region,
      environment,
      apiKey: this.secrets.open(apiKey.sealed, apiKeyPlace(teamId, id)),
      beforeExtraRequest,
    };
  }

  /** The vendor asks for a pause: all calls of the account keep it, on every replica. Without a time it grows by itself. */
  async noteThrottle({ accountKey }: Connection, retryAfterMs: number | null): Promise<void> {
    await this.breaker.noteThrottle(accountKey, retryAfterMs === null ? null : Math.ceil(retryAfterMs / 1000));
  }

  /** For the admin to see; when only a person can mend it, the connection asks for one; when the vendor wants a pause, it is kept. */
  async noteFailure(
    connection: Connection,
    failure: { reason: string; message: string; retryAfterMs?: number | null },
  ): Promise<void> {
    try {
      await this.callLog.failed(connection.teamId, connection.id, failure);
      if (failure.reason === 'throttled') await this.noteThrottle(connection, failure.retryAfterMs ?? null);
      if (isForAPerson(failure.reason)) await this.callForAPerson(connection, failure.reason, failure.message);
    } catch (error) {
      // Someone else may have changed the connection at the same moment. The failure itself is what the caller needs, and
      // the next refused call says it again.
      const why = error instanceof Error ? error.name : 'unknown';
      this.log.warn(`the failure "${failure.reason}" of connection ${connection.id} was not noted: ${why}`);
    }
  }

  private async callForAPerson(connection: Connection, reason: Attention['reason'], message: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      const present = await this.connections.byId(connection.teamId, connection.id);
      // The key that was refused may have been replaced while the call was under way.
      if (!present || present.apiKey.sealed !== connection.apiKey.sealed) return;
      const now = this.clock.now();
      present.needAttention({ reason, message, at: now.toISOString() }, now);
      await this.connections.save(present);
    });
  }
}

function isForAPerson(reason: string): reason is Attention['reason'] {
  return reason === 'key_refused' || reason === 'misdirected';
}

/** `budget_exhausted` while the vendor wants a pause, `certn_unreachable` while orders are held; both say for how long. */
export function mustWait({ seconds, why }: Extract<Admission, { kind: 'wait' }>): DomainError {
  const retryAfter = Math.max(1, Math.ceil(seconds));
  if (why === 'failing') {
    const message = 'Certn does not take orders at the moment. They go out by themselves once it does.';
    return new DomainError('unavailable', 'certn_unreachable', message, {}, retryAfter);
  }
  const message = 'Certn asked for a pause. Try again later.';
  return new DomainError('too_many', 'budget_exhausted', message, {}, retryAfter);
}

function budgetExhausted(retryAfterSeconds: number): DomainError {
  const message = 'The calls that Certn allows this account are used up for now. Try again later.';
  return new DomainError('too_many', 'budget_exhausted', message, {}, retryAfterSeconds);
}

const defaultPauseSeconds = 10;

/** What callers of our API are told when the vendor fails them and there is nothing better to say. */
export function asDomainError(failure: ProviderFailure): DomainError {
  if (failure.reason === 'not_permitted') return new DomainError('upstream', 'report_not_permitted', failure.message);
  if (failure.reason === 'unusable') return new DomainError('upstream', 'report_unusable', failure.message);
  const unreachable = failure.reason === 'unreachable' || failure.reason === 'timeout';
  if (!unreachable && failure.reason !== 'throttled') {
    return new DomainError('upstream', 'certn_error', failure.message);
  }
  const pause = failure.retryAfterMs === null ? defaultPauseSeconds : Math.ceil(failure.retryAfterMs / 1000);
  return new DomainError('unavailable', 'certn_unreachable', failure.message, {}, Math.max(1, pause));
}
