import { setTimeout as pause } from 'node:timers/promises';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Kysely, RawBuilder } from 'kysely';
import { isConnectionLost, isStalePlan } from './failures.js';

/** The error arrives before the connection ends. Without a pause the pool would hand out the same connection again. */
export const brokenConnectionPauseMs = 20;

/** Plain SQL for views and repositories: joins the open transaction, otherwise uses the pool. */
@Injectable()
export class Database {
  constructor(private readonly em: EntityManager) {}

  get kysely(): Kysely<unknown> {
    return this.em.getKysely<unknown>();
  }

  /** Repeats a statement outside a transaction once when its plan was stale, and a read also when its connection broke. */
  async rows<Row>(query: RawBuilder<Row>): Promise<Row[]> {
    try {
      return (await query.execute(this.kysely)).rows;
    } catch (error) {
      const passes = isStalePlan(error) || (isConnectionLost(error) && this.isRead(query));
      if (!passes || this.em.isInTransaction()) throw error;
      await pause(brokenConnectionPauseMs);
      return (await query.execute(this.kysely)).rows;
    }
  }

  async first<Row>(query: RawBuilder<Row>): Promise<Row | null> {
    return (await this.rows(query))[0] ?? null;
  }

  /** How many rows a statement changed: the result of a conditional update. */
  async affected(statement: RawBuilder<unknown>): Promise<number> {
    const result = await statement.execute(this.kysely);
    return Number(result.numAffectedRows ?? 0n);
  }

  private isRead(query: RawBuilder<unknown>): boolean {
    return /^\s*select\b/i.test(query.compile(this.kysely).sql);
  }
}

/** The unique constraint that a statement violated, however the driver wrapped the error; null for every other failure. */
export function violatedConstraint(error: unknown): string | null {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code, constraint } = e as { code?: unknown; constraint?: unknown };
    if (code === '23505' && typeof constraint === 'string') return constraint;
  }
  return null;
}
