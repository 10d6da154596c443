import type { Outbox } from '#kernel/ports';
import { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import { Connections } from '../../../src/contexts/integrations/connections/domain/connections.js';
import { copyOf, type FakeStore, FakeTable } from '../fake-store.js';

/** A connection without its methods. */
export type Fields = Omit<Connection, 'releaseEvents'>;

/** Passes the suite of `Connections`. Keeps connections by copy. */
export class FakeConnections extends Connections {
  private readonly rows: FakeTable<Fields>;

  constructor(
    private readonly store: FakeStore,
    private readonly outbox: Outbox,
    /** A case that was placed with that connection. */
    private readonly caseOf: (connectionId: string) => string | null = () => null,
  ) {
    super();
    this.rows = new FakeTable(store);
  }

  async lock(teamId: string): Promise<void> {
    await this.store.lock(`connection of ${teamId}`);
  }

  async add(connection: Connection): Promise<void> {
    this.rows.set(connection.id, fieldsOf(connection));
    await this.outbox.publish(connection.releaseEvents());
  }

  async save(connection: Connection): Promise<void> {
    await this.store.lock(`connection ${connection.id}`);
    if (this.rows.get(connection.id)?.version !== connection.version)
      throw new Error('The connection was changed by another request meanwhile.');
    connection.version += 1;
    await this.add(connection);
  }

  async currentOf(teamId: string, vendor: string): Promise<Connection | null> {
    return this.first((row) => row.teamId === teamId && row.vendor === vendor && row.current);
  }

  async byId(teamId: string, id: string): Promise<Connection | null> {
    return this.first((row) => row.teamId === teamId && row.id === id);
  }

  async someCaseOf({ id }: Connection): Promise<string | null> {
    return this.caseOf(id);
  }

  /** Writes past the aggregate and its version. */
  change(teamId: string, id: string, changes: (row: Fields) => Partial<Fields>): void {
    const row = this.rows.get(id);
    if (row?.teamId === teamId) this.rows.set(id, { ...row, ...changes(row) });
  }

  /** All connections of all teams, as they are stored. */
  get stored(): Fields[] {
    return this.rows.all();
  }

  private first(fits: (row: Fields) => boolean): Connection | null {
    const [row] = this.rows.where(fits);
    if (!row) return null;
    const { teamId, id, vendor, region, environment, apiKey, webhookSecret, accountKey, createdAt, updatedAt } = row;
    const loaded = new Connection(
      ...([teamId, id, vendor, region, environment, apiKey, webhookSecret, accountKey, createdAt, updatedAt] as const),
    );
    return Object.assign(loaded, row);
  }
}

function fieldsOf(connection: Connection): Fields {
  const { pending: _pending, ...fields } = connection as unknown as Record<string, unknown>;
  return copyOf(fields) as unknown as Fields;
}
