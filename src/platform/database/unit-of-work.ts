import { setTimeout as pause } from 'node:timers/promises';
import { EntityManager } from '@mikro-orm/postgresql';
import { RequestContext } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#kernel/ports';
import { brokenConnectionPauseMs } from './database.js';
import { isCollision, isConnectionLost } from './failures.js';
import { currentGuard } from './unit-guard.js';

/** How often a unit is run again because of a conflict with another, and because its connection broke. */
const collisions = 3;
const lostConnections = 1;

const repeatsFor = (error: unknown): number =>
  isCollision(error) ? collisions : isConnectionLost(error) ? lostConnections : 0;

/**
 * One database transaction with an identity map of its own; a unit inside a unit joins it. A unit that failed because of a conflict
 * or a broken connection runs again from the start, unless the commit was already sent: then its outcome is unknown. A guard of the
 * request (`UnitGuard`) begins and ends each of its transactions.
 */
@Injectable()
export class PostgresUnitOfWork extends UnitOfWork {
  constructor(private readonly em: EntityManager) {
    super();
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.em.isInTransaction()) return work();
    for (let repeats = 0; ; repeats += 1) {
      const progress = { committing: false };
      try {
        return await RequestContext.create(this.em, () => this.transaction(work, progress));
      } catch (error) {
        if (progress.committing || repeats >= repeatsFor(error)) throw error;
        await pause(brokenConnectionPauseMs + Math.random() * 20 * 2 ** repeats);
      }
    }
  }

  private async transaction<T>(work: () => Promise<T>, progress: { committing: boolean }): Promise<T> {
    const guard = currentGuard();
    const result = await this.em.transactional(async (em) => {
      await guard?.begin();
      const made = await work();
      await em.flush();
      await guard?.end();
      progress.committing = true;
      return made;
    });
    guard?.committed();
    return result;
  }
}
