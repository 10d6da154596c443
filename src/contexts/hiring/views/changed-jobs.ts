import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { ChangingThings, type ShownThing } from '#platform/changes/changing-things';
import { JobsView } from './jobs.js';

/** Jobs in the changes feed. */
@Injectable()
export class ChangedJobsView extends ChangingThings {
  readonly name = 'job';

  constructor(private readonly jobs: JobsView) {
    super();
  }

  shown(caller: Caller, ids: readonly Id[]): Promise<ShownThing[]> {
    return this.jobs.ofIds(caller, ids);
  }
}
