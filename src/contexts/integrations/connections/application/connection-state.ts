import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type ConnectionStateFacts, GetConnectionState } from '../../contract.js';
import { Connections } from '../domain/connections.js';

@QueryHandler(GetConnectionState)
export class GetConnectionStateHandler implements IQueryHandler<GetConnectionState, ConnectionStateFacts> {
  constructor(private readonly connections: Connections) {}

  async execute({ teamId, vendor }: GetConnectionState): Promise<ConnectionStateFacts> {
    const connection = await this.connections.currentOf(teamId, vendor);
    return { state: connection?.state ?? 'not_connected', environment: connection?.environment ?? null };
  }
}
