import { Injectable, Logger } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Ids } from '#kernel/ports';
import { asTeam } from '#platform/database/scope';
import { tooManyImports } from '../../domain/errors.js';
import { ImportPlaces, keepEveryMs } from '../../domain/import-places.js';

/** Holds one of a team's places for as long as the import's connection is open. */
@Injectable()
export class RunningImports {
  private readonly log = new Logger('imports');

  constructor(
    private readonly places: ImportPlaces,
    private readonly ids: Ids,
  ) {}

  /** Throws `too_many_imports` (429) when all places of the team are taken. */
  async begin(teamId: string, answer: ServerResponse): Promise<void> {
    const importId = this.ids.next();
    if (!(await this.places.take(teamId, importId))) throw tooManyImports();
    const timer = setInterval(() => void this.keep(teamId, importId), keepEveryMs).unref();
    const end = (): void => {
      clearInterval(timer);
      void this.leave(teamId, importId);
    };
    // The connection may have closed during `take`. Then no close event follows.
    if (answer.destroyed) end();
    else answer.once('close', end);
  }

  private async keep(teamId: string, importId: string): Promise<void> {
    await this.places.keep(teamId, importId).catch((error: unknown) => this.note('kept', error));
  }

  /** If this fails, the place becomes free by itself within a minute. */
  private async leave(teamId: string, importId: string): Promise<void> {
    // The close event arrives outside of the request, so the team has to be set here.
    await asTeam(teamId, () => this.places.leave(teamId, importId)).catch((error: unknown) => this.note('left', error));
  }

  private note(what: string, error: unknown): void {
    this.log.warn(`the place of an import was not ${what}: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}
