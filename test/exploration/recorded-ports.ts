import type { EntityManager } from '@mikro-orm/postgresql';
import type { RawBuilder } from 'kysely';
import type { DomainEvent, EventType } from '#kernel/events';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Audit, Clock, Ids, Outbox, Secrets, type UnitOfWork } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { PostgresUnitOfWork } from '#platform/database/unit-of-work';
import { PostgresConnections } from '../../src/contexts/integrations/adapters/postgres/postgres-connections.js';
import { Connection } from '../../src/contexts/integrations/domain/connection.js';
import { VendorCircuitBreaker } from '../../src/contexts/integrations/domain/vendor-circuit-breaker.js';
import { OrderOwners, type WantedOrder } from '../../src/contexts/integrations/domain/vendor-orders.js';
import { CallLog, VendorBudget } from '../../src/contexts/integrations/domain/vendor-budget.js';
import { freeze, quantum } from './moments.js';
import { currentRun } from './run.js';

/*
 * What stands between the production code and the explorer: each statement, and each word of the vendor, is a point at which
 * a worker can stand still, die, or be overtaken. Outside a run everything is as in production.
 */

export class RecordedDatabase extends Database {
  override async rows<Row>(query: RawBuilder<Row>): Promise<Row[]> {
    const run = currentRun();
    if (!run) return super.rows(query);
    const { what, parameters } = this.compiled(query);
    const wrote = (rows: Row[]): boolean => !isPlainReading(what) && rows.length > 0;
    return run.statement({ what, parameters, make: () => super.rows(query), wrote }) as Promise<Row[]>;
  }

  override async affected(statement: RawBuilder<unknown>): Promise<number> {
    const run = currentRun();
    if (!run) return super.affected(statement);
    const make = (): Promise<number> => super.affected(statement);
    const wrote = (changed: number): boolean => changed > 0;
    return run.statement({ ...this.compiled(statement), make, wrote }) as Promise<number>;
  }

  private compiled(query: RawBuilder<unknown>): { what: string; parameters: unknown } {
    const { sql, parameters } = query.compile(this.kysely);
    return { what: sql.replace(/\s+/g, ' ').trim(), parameters };
  }
}

const isPlainReading = (statement: string): boolean =>
  /^select/i.test(statement) && !/ for (no key )?(update|share)/i.test(statement);

/** Statements are made one by one on the rows that their transaction sees; the explorer keeps what is committed. */
export class RecordedUnitOfWork extends PostgresUnitOfWork {
  override async run<T>(work: () => Promise<T>): Promise<T> {
    const run = currentRun();
    return run ? run.unit(work) : super.run(work);
  }
}

/** The queue is the explorer: what is committed is handed to it. */
export class RecordedOutbox extends Outbox {
  async publish(events: DomainEvent[], { inSeconds = 0 }: { inSeconds?: number } = {}): Promise<void> {
    const run = currentRun();
    if (!run) return;
    for (const event of events) {
      const { wireName } = event.constructor as EventType;
      const due = Math.round(inSeconds / quantum) * quantum;
      await run.publish({ event: wireName, payload: freeze({ ...event }, run.now), due });
    }
  }
}

/** Connections as a whole: they are mapped objects, and what is on a tape is not managed by anybody. */
export class RecordedConnections extends PostgresConnections {
  constructor(
    em: EntityManager,
    database: Database,
    private readonly events: Outbox,
    private readonly unitOfWork: UnitOfWork,
  ) {
    super(em, database, events);
  }

  override async currentOf(teamId: string): Promise<Connection | null> {
    return this.reading('the current connection', teamId, () => super.currentOf(teamId));
  }

  override async byId(teamId: string, id: string): Promise<Connection | null> {
    return this.reading('a connection', id, () => super.byId(teamId, id));
  }

  /** Two who change the connection at once are told apart by its version. */
  override async hold(): Promise<void> {
    return undefined;
  }

  override async save(connection: Connection): Promise<void> {
    const run = currentRun();
    if (!run) return super.save(connection);
    const events = connection.releaseEvents();
    const what = 'save the connection';
    const tables = ['connection'];
    const make = (): Promise<void> => this.unitOfWork.run(() => this.overwrite(connection));
    await run.statement({ what, tables, parameters: { ...connection }, make, wrote: () => true });
    await this.events.publish(events);
  }

  private async overwrite(connection: Connection): Promise<void> {
    const present = await super.byId(connection.teamId, connection.id);
    if (present?.version !== connection.version) throw new Error('The connection was changed by somebody else.');
    await super.save(Object.assign(present, { ...connection }));
  }

  private async reading(what: string, id: string, make: () => Promise<Connection | null>): Promise<Connection | null> {
    const run = currentRun();
    if (!run) return make();
    const fields = await run.statement({ what, tables: ['connection'], parameters: id, make, wrote: () => false });
    return fields === null
      ? null
      : (Object.assign(Object.create(Connection.prototype) as object, fields) as Connection);
  }
}

export class RecordedClock extends Clock {
  now(): Date {
    const run = currentRun();
    return run?.instantly('the time', () => new Date(Date.now() + run.clock * 1000)) ?? new Date();
  }
}

/** Whether the application is still active is the explorer's to say, at the moment of the question. */
export class ScriptedOwners extends OrderOwners {
  async stillWant(): Promise<boolean> {
    return (await currentRun()?.vendor<boolean>('still wanted', {})) ?? true;
  }

  async unanswered(): Promise<WantedOrder[]> {
    return [];
  }
}

/** Always a call left: the budget has its own suite. */
export class EnoughCalls extends VendorBudget {
  async take(): Promise<{ taken: true }> {
    return { taken: true };
  }

  async isUnderPressure(): Promise<boolean> {
    return false;
  }

  async giveBack(): Promise<void> {
    return undefined;
  }
}

/** Orders are never held: the breaker has its own suite, and only ever lets fewer go. */
export class ClosedBreaker extends VendorCircuitBreaker {
  async admit(): Promise<{ kind: 'go' }> {
    return { kind: 'go' };
  }

  async noteOrder(): Promise<number> {
    return 0;
  }

  async noteThrottle(): Promise<void> {
    return undefined;
  }
}

export class NoCallLog extends CallLog {
  async failed(): Promise<void> {
    return undefined;
  }
}

export class OpenSecrets extends Secrets {
  seal(plain: string): string {
    return plain;
  }
  open(sealed: string): string {
    return sealed;
  }
  openIfOurs(sealed: string): string {
    return sealed;
  }
}

export class NoAudit extends Audit {
  async record(_caller: Caller): Promise<void> {
    return undefined;
  }
}

/** For the one row that is given an id here: the delivery of a notice. */
export class OneId extends Ids {
  next(): Id {
    return '01890000-0000-7000-8000-000000000002' as Id;
  }
}
