import { setTimeout as pause } from 'node:timers/promises';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Kysely, RawBuilder } from 'kysely';
import { isConnectionLost, isStalePlan } from './failures.js';

/** The refusal arrives before the end of the connection: asked at once, the pool would hand out the same one again. */
export const noticeMs = 20;

/** The way for views and repositories to plain SQL: joins the transaction that is open, else uses the pool. */
@Injectable()
export class Database {
  constructor(private readonly em: EntityManager) {}

  get kysely(): Kysely<unknown> {
    return this.em.getKysely<unknown>();
  }

  /** Outside a transaction it is repeated, once, when its plan was stale; a read also when its connection broke under it. */
  async rows<Row>(query: RawBuilder<Row>): Promise<Row[]> {
    try {
      return (await query.execute(this.kysely)).rows;
    } catch (error) {
      const passes = isStalePlan(error) || (isConnectionLost(error) && this.isRead(query));
      if (!passes || this.em.isInTransaction()) throw error;
      await pause(noticeMs);
      return (await query.execute(this.kysely)).rows;
    }
  }

  async first<Row>(query: RawBuilder<Row>): Promise<Row | null> {
    return (await this.rows(query))[0] ?? null;
  }

  /** How many rows a statement changed: the answer of a conditional update. */
  async affected(statement: RawBuilder<unknown>): Promise<number> {
    const result = await statement.execute(this.kysely);
    return Number(result.numAffectedRows ?? 0n);
  }

  private isRead(query: RawBuilder<unknown>): boolean {
    return /^\s*select\b/i.test(query.compile(this.kysely).sql);
  }
}

/** The unique constraint that a statement ran into, however the driver wrapped it; null for every other failure. */
export function violatedConstraint(error: unknown): string | null {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code, constraint } = e as { code?: unknown; constraint?: unknown };
    if (code === '23505' && typeof constraint === 'string') return constraint;
  }
  return null;
}
