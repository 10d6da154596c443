import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { type ActivityKind, ActivityKinds, type ActivityName, type ActivityType } from '../domain/activity-kind.js';
import { PlanVendors } from '../domain/packages.js';
import { activities } from './index.js';

/** The kinds of `index.ts`. */
@Injectable()
export class RegisteredActivities extends ActivityKinds {
  constructor(
    private readonly module: ModuleRef,
    private readonly vendors: PlanVendors,
  ) {
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
    const names = new Map((await this.vendors.all()).map(({ id, name }) => [id, name]));
    return activities.flatMap(({ type, label }, nth) => {
      if (!offered[nth]) return [];
      const name = this.nameOf(type);
      return name.vendor === undefined ? { ...name, label } : { ...name, vendor_name: names.get(name.vendor), label };
    });
  }
}
