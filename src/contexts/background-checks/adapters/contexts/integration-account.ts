import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type ConnectionStateFacts, FindPackage, GetConnectionState, type PackageFacts } from '#contexts/integrations';
import { ScreeningAccount } from '../../domain/ports.js';

@Injectable()
export class IntegrationAccount extends ScreeningAccount {
  constructor(private readonly queries: QueryBus) {
    super();
  }

  async isEnabled(teamId: string): Promise<boolean> {
    const query = new GetConnectionState(teamId);
    const { state } = await this.queries.execute<GetConnectionState, ConnectionStateFacts>(query);
    return state === 'enabled';
  }

  async findOrderable(teamId: string, packageId: string): Promise<{ id: string; name: string } | null> {
    const query = new FindPackage(teamId, packageId);
    const found = await this.queries.execute<FindPackage, PackageFacts | null>(query);
    return found?.active ? { id: found.id, name: found.name } : null;
  }
}
