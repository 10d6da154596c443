import { Injectable } from '@nestjs/common';
import { QueryBus, QueryHandlerNotFoundException } from '@nestjs/cqrs';
import { PackagesInUse } from '../../../contract.js';
import { AttachedPackages } from '../../domain/packages.js';

/** Asks the context that keeps interview plans. When no context does, no plan names a package. */
@Injectable()
export class AnsweredAttachedPackages extends AttachedPackages {
  constructor(private readonly queries: QueryBus) {
    super();
  }

  async idsOf(teamId: string, vendor: string): Promise<string[]> {
    try {
      return await this.queries.execute<PackagesInUse, string[]>(new PackagesInUse(teamId, vendor));
    } catch (error) {
      if (error instanceof QueryHandlerNotFoundException) return [];
      throw error;
    }
  }
}
