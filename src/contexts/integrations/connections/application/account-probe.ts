import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError, invalidField } from '#kernel/errors';
import { VendorCalls } from '../../gateway/application/vendor-calls.js';
import { asDomainError } from '../../gateway/application/vendor-errors.js';
import { type Credentials, ProviderFailure, ScreeningProvider } from '../../gateway/domain/screening-provider.js';
import type { Connection } from '../domain/connection.js';
import { Connections } from '../domain/connections.js';

export interface ProbedAccount {
  /** Whether it is the account of the current connection. */
  known: boolean;
  accountKey: string;
}

/** Tries credentials that are not saved yet, and determines which account they belong to. */
@Injectable()
export class AccountProbe {
  constructor(
    private readonly provider: ScreeningProvider,
    private readonly calls: VendorCalls,
    private readonly connections: Connections,
  ) {}

  /** Throws `api_key_rejected` (422), `certn_unreachable` (503) or `certn_error` (502). */
  async probe(credentials: Credentials, present: Connection | null): Promise<ProbedAccount> {
    const samePlace =
      present?.region === credentials.region && present.environment === credentials.environment ? present : null;
    const accountKey = samePlace?.accountKey ?? this.accountKeyOf(credentials);
    try {
      await this.spend(accountKey, () => this.provider.tryCredentials(credentials));
      if (!samePlace) return { known: false, accountKey };
      const known = await this.isAccountOf(samePlace, credentials);
      return { known, accountKey: known ? accountKey : this.accountKeyOf(credentials) };
    } catch (error) {
      if (!(error instanceof ProviderFailure)) throw error;
      throw error.reason === 'key_refused' ? keyRejected(credentials) : asDomainError(error);
    }
  }

  /** A key of the same account can read a case that the connection placed. Without any case, the account is taken as the same. */
  private async isAccountOf(connection: Connection, credentials: Credentials): Promise<boolean> {
    const caseId = await this.connections.someCaseOf(connection);
    if (caseId === null) return true;
    try {
      await this.spend(connection.accountKey, () => this.provider.readCase(credentials, caseId));
      return true;
    } catch (error) {
      // The key was accepted just now, so a refusal is about this case.
      if (error instanceof ProviderFailure && ['not_found', 'key_refused'].includes(error.reason)) return false;
      throw error;
    }
  }

  /** Uses the budget of tests, so that repeated saving does not use up calls that orders need. */
  private async spend<T>(accountKey: string, send: () => Promise<T>): Promise<T> {
    await this.calls.takeOne(accountKey, 'test');
    return send();
  }

  private accountKeyOf(credentials: Credentials): string {
    const fingerprint = createHash('sha256').update(credentials.apiKey).digest('hex').slice(0, 16);
    return `${this.provider.hostOf(credentials)}#${fingerprint}`;
  }
}

const regionNames = { ca: 'Canada', uk: 'the United Kingdom', au: 'Australia' };

function keyRejected({ region, environment }: Credentials): DomainError {
  const otherKind = environment === 'production' ? 'a sandbox key' : 'a production key';
  return invalidField(
    'api_key',
    'api_key_rejected',
    `Certn rejected this API key. It may be from another region than ${regionNames[region]}, ${otherKind}, ` +
      'expired (after 365 days), revoked, an old-generation key, ' +
      'or created without Admin access in Certn.',
  );
}
