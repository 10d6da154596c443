import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Id } from '#kernel/id';
import { SubjectLocator } from '#platform/auth/ports';
import { Candidates } from '../../domain/ports.js';

/** Asks whoever registered as the locator of candidates: access itself knows no context that has them. */
@Injectable()
export class LocatedCandidates extends Candidates {
  constructor(private readonly discovery: DiscoveryService) {
    super();
  }

  async areAll(teamId: string, candidateIds: readonly Id[]): Promise<boolean> {
    if (candidateIds.length === 0) return true;
    const locator = this.discovery
      .getProviders()
      .map((wrapper) => wrapper.instance as unknown)
      .find(
        (instance): instance is SubjectLocator =>
          instance instanceof SubjectLocator && instance.subject === 'candidate',
      );
    for (const id of candidateIds) {
      if (!(await locator?.locate(teamId, id))) return false;
    }
    return true;
  }
}
