import { Injectable } from '@nestjs/common';
import { certnItemType } from '../contract.js';
import { ConnectionState } from '../domain/packages.js';
import type { ItemType } from '../domain/plan-item.js';

export interface ActivityTypeRow {
  type: ItemType;
  label: string;
}

const interview: ActivityTypeRow = { type: 'interview', label: 'Interview' };
const backgroundCheck: ActivityTypeRow = { type: certnItemType, label: 'Certn background check' };

/** What "Add activity" offers. Background checks are not spoken of before the team has connected. */
@Injectable()
export class ActivityTypes {
  constructor(private readonly connection: ConnectionState) {}

  async offered(teamId: string): Promise<ActivityTypeRow[]> {
    return (await this.connection.isConnected(teamId)) ? [interview, backgroundCheck] : [interview];
  }
}
