import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { certnItemType } from '../contract.js';
import { ConnectionState } from '../domain/packages.js';
import type { ItemType } from '../domain/plan-item.js';

/** Query: what "Add activity" offers. Background checks are offered only while the team is connected. */
export class ListActivityTypes {
  constructor(readonly caller: Caller) {}
}

export interface ActivityType {
  type: ItemType;
  label: string;
}

const interview: ActivityType = { type: 'interview', label: 'Interview' };
const backgroundCheck: ActivityType = { type: certnItemType, label: 'Certn background check' };

@QueryHandler(ListActivityTypes)
export class ListActivityTypesHandler implements IQueryHandler<ListActivityTypes> {
  constructor(private readonly connection: ConnectionState) {}

  async execute({ caller }: ListActivityTypes): Promise<ActivityType[]> {
    return (await this.connection.isConnected(caller.teamId)) ? [interview, backgroundCheck] : [interview];
  }
}
