import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { type ActivityKind, ActivityKinds, type ActivityName, type ActivityType } from '../domain/activity-kind.js';
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

  nameOf(type: string): ActivityName {
    return activities.find((one) => one.type === type)?.shownAs ?? { type };
  }

  async offeredTo(teamId: string): Promise<ActivityType[]> {
    const offered = await Promise.all(activities.map(({ Kind }) => this.module.get(Kind).isOffered(teamId)));
    return activities.filter((_, nth) => offered[nth]).map(({ type, label }) => ({ ...this.nameOf(type), label }));
  }
}
