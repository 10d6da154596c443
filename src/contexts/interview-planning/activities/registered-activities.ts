import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { type ActivityKind, ActivityKinds, type ActivityType } from '../domain/activity-kind.js';
import { activities } from './index.js';

/** The kinds of `index.ts`. */
@Injectable()
export class RegisteredActivities extends ActivityKinds {
  constructor(private readonly module: ModuleRef) {
    super();
  }

  find(type: string): ActivityKind | null {
    const activity = activities.find((one) => one.type === type);
    return activity ? this.module.get(activity.Kind) : null;
  }

  async offeredTo(teamId: string): Promise<ActivityType[]> {
    const offered = await Promise.all(
      activities.map(async ({ type, label, Kind }) => {
        const offers = await this.module.get(Kind).offers(teamId);
        return offers.map((offer): ActivityType => ({ type, label, ...offer }));
      }),
    );
    return offered.flat();
  }
}
