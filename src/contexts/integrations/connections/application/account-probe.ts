import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { invalidField } from '#kernel/errors';
import { VendorCalls } from '../../gateway/application/vendor-calls.js';
import { asDomainError } from '../../gateway/application/vendor-errors.js';
import type { Vendor } from '../../gateway/domain/vendor.js';
import { type Credentials, VendorFailure } from '../../gateway/domain/vendor-terms.js';
import type { VendorAccount } from '../../gateway/domain/vendor-budget.js';
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
    private readonly calls: VendorCalls,
    private readonly connections: Connections,
  ) {}

  /** Throws `api_key_rejected` (422), `vendor_unreachable` (503) or `vendor_error` (502). */
  async probe(vendor: Vendor, credentials: Credentials, present: Connection | null): Promise<ProbedAccount> {
    const samePlace = present && isAt(present, vendor, credentials) ? present : null;
    const accountKey = samePlace?.accountKey ?? accountKeyOf(vendor, credentials);
    try {
      await this.spend({ vendor: vendor.id, accountKey }, () => vendor.account.tryCredentials(credentials));
      if (!samePlace) return { known: false, accountKey };
      const known = await this.isAccountOf(samePlace, vendor, credentials);
      return { known, accountKey: known ? accountKey : accountKeyOf(vendor, credentials) };
    } catch (error) {
      if (!(error instanceof VendorFailure)) throw error;
      throw error.reason === 'key_refused'
        ? invalidField('api_key', 'api_key_rejected', vendor.account.whyKeyRejected(credentials))
        : asDomainError(error);
    }
  }

  /** A key of the same account can read a case that the connection placed. Without any case, the account is taken as the same. */
  private async isAccountOf(connection: Connection, vendor: Vendor, credentials: Credentials): Promise<boolean> {
    const caseId = await this.connections.someCaseOf(connection);
    if (caseId === null) return true;
    try {
      await this.spend(connection, () => vendor.cases.readCase(credentials, caseId));
      return true;
    } catch (error) {
      // The key was accepted just now, so a refusal is about this case.
      if (error instanceof VendorFailure && ['not_found', 'key_refused'].includes(error.reason)) return false;
      throw error;
    }
  }

  /** Uses the budget of tests, so that repeated saving does not use up calls that orders need. */
  private async spend<T>(account: VendorAccount, send: () => Promise<T>): Promise<T> {
    await this.calls.takeOne(account, 'test');
    return send();
  }
}

function isAt({ vendor: id, region, environment }: Connection, vendor: Vendor, credentials: Credentials): boolean {
  return id === vendor.id && region === credentials.region && environment === credentials.environment;
}

function accountKeyOf(vendor: Vendor, credentials: Credentials): string {
  const fingerprint = createHash('sha256').update(credentials.apiKey).digest('hex').slice(0, 16);
  return `${vendor.account.hostOf(credentials)}#${fingerprint}`;
}
