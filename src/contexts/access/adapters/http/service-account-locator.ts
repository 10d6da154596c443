import { Injectable } from '@nestjs/common';
import type { Id } from '#kernel/id';
import { type Located, SubjectLocator } from '#platform/auth/ports';
import { ServiceAccountsView } from '../../views/service-accounts.js';

@Injectable()
export class ServiceAccountLocator extends SubjectLocator {
  readonly subject = 'service_account';
  /** Fields that take one also take a user: `UserLocator` finds both. */
  readonly fields = [];

  constructor(private readonly accounts: ServiceAccountsView) {
    super();
  }

  async locate(teamId: string, id: Id): Promise<Located | null> {
    return (await this.accounts.one(teamId, id)) && { jobIds: [], teamWide: true };
  }
}
