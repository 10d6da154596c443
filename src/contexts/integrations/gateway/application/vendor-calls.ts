import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '#kernel/errors';
import { Clock, Secrets, UnitOfWork } from '#kernel/ports';
import type { RequiredAction, Connection } from '../../connections/domain/connection.js';
import { Connections } from '../../connections/domain/connections.js';
import {
  type Credentials,
  type OrderSearch,
  ProviderFailure,
  ScreeningProvider,
  type VendorCase,
} from '../domain/screening-provider.js';
import { type Admission, VendorCircuitBreaker } from '../domain/vendor-circuit-breaker.js';
import { CallLog, type Purpose, VendorBudget } from '../domain/vendor-budget.js';
import { apiKeyPlace } from '../../connections/domain/secret-places.js';

/** Makes every call to the vendor for a saved connection: takes from the rate budget, adds the key, logs failures. */
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
   * One call that is not an order (see `OrderCalls`). Throws `budget_exhausted` (429) before anything is sent when no call is
   * left or the vendor asked for a pause, and the `ProviderFailure` of the call itself. Must run outside a unit of work, because
   * the network is slow.
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

  /** A complete list, every page within the rate budget, and how many calls it took. */
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

  /** Takes one call from the rate budget. For requests beyond the first within one `call`, such as the pages of a list. */
  async takeOne(accountKey: string, purpose: Purpose): Promise<void> {
    const answer = await this.budget.take(accountKey, purpose);
    if (!answer.taken) throw budgetExhausted(answer.retryAfterSeconds);
  }

  /** Returns a call that was taken and never sent. If this fails, the day has one call less. */
  async giveBack(connection: Connection, purpose: Purpose): Promise<void> {
    await this.budget.giveBack(connection.accountKey, purpose);
  }

  /** The key, and the hook that counts the requests of a call beyond its first. */
  credentialsFor({ teamId, id, region, environment, apiKey, accountKey }: Connection, purpose: Purpose): Credentials {
    const beforeExtraRequest = (): Promise<void> => this.takeOne(accountKey, purpose);
    return {
      region,
      environment,
      apiKey: this.secrets.open(apiKey.sealed, apiKeyPlace(teamId, id)),
      beforeExtraRequest,
    };
  }

  /** The vendor asked for a pause. It applies to all calls of the account on every replica. Without a stated time it grows. */
  async noteThrottle({ accountKey }: Connection, retryAfterMs: number | null): Promise<void> {
    await this.breaker.noteThrottle(accountKey, retryAfterMs === null ? null : Math.ceil(retryAfterMs / 1000));
  }

  /** Logs the failure for the admin. Starts a pause when throttled, and requires action when only a person can fix it. */
  async noteFailure(
    connection: Connection,
    failure: { reason: string; message: string; retryAfterMs?: number | null },
  ): Promise<void> {
    try {
      await this.callLog.failed(connection.teamId, connection.id, failure);
      if (failure.reason === 'throttled') await this.noteThrottle(connection, failure.retryAfterMs ?? null);
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

/** `budget_exhausted` while the vendor wants a pause, `certn_unreachable` while the breaker is open; both say for how long. */
export function mustWait({ seconds, why }: Extract<Admission, { kind: 'wait' }>): DomainError {
  const retryAfter = Math.max(1, Math.ceil(seconds));
  if (why === 'failing') {
    const message = 'Certn is not accepting orders. Checks are sent automatically once it does.';
    return new DomainError('unavailable', 'certn_unreachable', message, {}, retryAfter);
  }
  const message = 'Certn asked for a pause. Try again later.';
  return new DomainError('too_many', 'budget_exhausted', message, {}, retryAfter);
}

function budgetExhausted(retryAfterSeconds: number): DomainError {
  const message = "The account's Certn calls are used up. Try again later.";
  return new DomainError('too_many', 'budget_exhausted', message, {}, retryAfterSeconds);
}

const defaultPauseSeconds = 10;

/** The default error of our API when a call to the vendor fails. */
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
