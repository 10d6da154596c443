import { Injectable } from '@nestjs/common';
import type { Id } from '#kernel/id';
import { Locators } from '#platform/auth/locators';
import { Candidates } from '../../domain/ports.js';

/** Asks the registered locator of candidates, so that access does not depend on the context that owns them. */
@Injectable()
export class LocatedCandidates extends Candidates {
  constructor(private readonly locators: Locators) {
    super();
  }

  async areAll(teamId: string, candidateIds: readonly Id[]): Promise<boolean> {
    for (const id of candidateIds) {
      const located = await this.locators.of('candidate').locate(teamId, id);
      if (!located || located.erased) return false;
    }
    return true;
  }
}
