import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { readId } from '#kernel/id';
import { type Actor, Audit, type AuditEntry } from '#kernel/ports';
import type { RequestKey } from '#kernel/request-key';
import { PostgresAudit } from '../audit/postgres-audit.js';
import { Database } from '../database/database.js';
import { RequestKeys } from './request-keys.js';

/** A running request with an Idempotency-Key. */
interface Making {
  request: RequestKey;
  /** The audit action that tells what it made. */
  action: string;
}

const makings = new AsyncLocalStorage<Making>();

/** Runs a request. What its audit entry with this action is about is remembered under its key. */
export const asMaking = <T>(making: Making, work: () => T): T => makings.run(making, work);

/** The same request was committed while this one ran, which is therefore undone. */
export class MadeMeanwhile extends Error {
  override readonly name = 'MadeMeanwhile';
}

/**
 * The audit log. Every use case that makes something writes an entry about it in its own transaction. That is the place where what a
 * request made can be remembered so that both are committed, or neither is.
 */
@Injectable()
export class RememberingAudit extends Audit {
  private readonly log: PostgresAudit;

  constructor(
    database: Database,
    private readonly keys: RequestKeys,
  ) {
    super();
    this.log = new PostgresAudit(database);
  }

  async record(actor: Actor, entry: AuditEntry): Promise<void> {
    await this.log.record(actor, entry);
    const making = makings.getStore();
    if (!making || entry.action !== making.action || entry.outcome === 'refused') return;
    const madeId = readId(entry.entityId);
    if (madeId === null) throw new Error(`The entry ${entry.action} names nothing that can be read again.`);
    if (await this.keys.recall(making.request)) throw new MadeMeanwhile();
    await this.keys.remember(making.request, madeId);
  }
}
