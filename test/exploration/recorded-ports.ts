import type { EntityManager } from '@mikro-orm/postgresql';
import type { RawBuilder } from 'kysely';
import type { DomainEvent, EventType } from '#kernel/events';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Audit, Clock, Ids, Outbox, Secrets, type UnitOfWork } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { PostgresUnitOfWork } from '#platform/database/unit-of-work';
import { PostgresConnections } from '../../src/contexts/integrations/connections/adapters/postgres/postgres-connections.js';
import { Connection } from '../../src/contexts/integrations/connections/domain/connection.js';
import { CallLog, VendorBudget } from '../../src/contexts/integrations/gateway/domain/vendor-budget.js';
import { VendorCircuitBreaker } from '../../src/contexts/integrations/gateway/domain/vendor-circuit-breaker.js';
import { OrderOwners, type WantedOrder } from '../../src/contexts/integrations/orders/domain/vendor-orders.js';
import { currentRun } from './run.js';
import { freeze, quantum } from './values.js';

/*
 * Adapters between the production code and the explorer. At each statement and each answer of the vendor a worker can pause,
 * die or be overtaken. Outside a run everything works as in production.
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

/** Statements run one by one on the rows that their transaction sees. The explorer keeps what is committed. */
export class RecordedUnitOfWork extends PostgresUnitOfWork {
  override async run<T>(work: () => Promise<T>): Promise<T> {
    const run = currentRun();
    return run ? run.unit(work) : super.run(work);
  }
}

/** The explorer is the queue: it receives committed events. */
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

/** Records whole connections: they are mapped objects, and the entity manager does not know those on a recording. */
export class RecordedConnections extends PostgresConnections {
  constructor(
    em: EntityManager,
    database: Database,
    private readonly events: Outbox,
    private readonly unitOfWork: UnitOfWork,
  ) {
    super(em, database, events);
  }

  override async currentOf(teamId: string, vendor: string): Promise<Connection | null> {
    return this.recordedRead('the current connection', teamId, () => super.currentOf(teamId, vendor));
  }

  override async byId(teamId: string, id: string): Promise<Connection | null> {
    return this.recordedRead('a connection', id, () => super.byId(teamId, id));
  }

  /** No lock: the version detects concurrent changes to the connection. */
  override async lock(): Promise<void> {
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
    if (present?.version !== connection.version) throw new Error('The connection was changed concurrently.');
    await super.save(Object.assign(present, { ...connection }));
  }

  private async recordedRead(
    what: string,
    id: string,
    make: () => Promise<Connection | null>,
  ): Promise<Connection | null> {
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

/** The explorer decides at the moment of the question whether the application is still active. */
export class ScriptedOwners extends OrderOwners {
  async stillWant(): Promise<boolean> {
    return (await currentRun()?.vendor<boolean>('still wanted', {})) ?? true;
  }

  async unplaced(): Promise<WantedOrder[]> {
    return [];
  }
}

/** A call is always left. The budget has its own suite. */
export class UnlimitedBudget extends VendorBudget {
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

/** The circuit breaker is always closed. It has its own suite, and can only reduce the orders that are sent. */
export class ClosedCircuitBreaker extends VendorCircuitBreaker {
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

export class PlainSecrets extends Secrets {
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

/** One id is enough: only the inbound event gets an id here. */
export class OneId extends Ids {
  next(): Id {
    return '01890000-0000-7000-8000-000000000002' as Id;
  }
}
