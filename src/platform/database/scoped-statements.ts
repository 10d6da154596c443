import pg, { type Pool, type PoolClient } from 'pg';
import { type LaneLimits, longestStatementMs } from './lanes.js';
import { currentWork, type Lane, type Work } from './scope.js';
import { PreparedStatements, Schema, type Wire } from './prepared-statements.js';
import { differingFromDefault, scopeSettings, type Settings } from './scope-settings.js';

/** The parts of the driver's query that its type declarations omit. */
interface WireQuery {
  readonly text: string;
  name?: string;
  hasBeenParsed(connection: Wire): boolean;
  callback?: (error: Error | null, result: unknown) => void;
  prepare(connection: Wire): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Wire): void;
}
type DriverClient = PoolClient & { getTransactionStatus(): string | null };
const DriverQuery = pg.Query as unknown as new (config: object) => WireQuery;

/** `select set_config(...), …`: each setting costs some microseconds, so only values that differ from the default are set. */
const textFor = (settings: Settings): string =>
  `select ${settings.map(([name], nth) => `set_config('${name}', $${nth + 1}, true)`).join()}`;

/**
 * A statement preceded by the settings of its scope. Both are sent together and belong to one transaction: the open one, or the
 * statement's own. This costs no extra round trip and leaves no state after the transaction, so it is also correct behind a pooler
 * that assigns a connection per transaction.
 */
class ScopedQuery extends DriverQuery {
  private settling = false;

  constructor(
    config: object,
    /** The settings that must precede it, determined when it is sent. */
    private readonly settings: () => Settings,
    private readonly prepared: PreparedStatements,
    /** Whose rows it sees: a statement is prepared for the role that runs it. */
    private readonly role: string,
  ) {
    super({ ...config, queryMode: 'extended' });
  }

  override prepare(connection: Wire): void {
    const settings = this.settings();
    if (settings.length > 0) {
      const statement = this.prepared.send(connection, this.role, textFor(settings));
      connection.bind({ portal: '', statement, values: settings.map(([, value]) => value) });
      connection.execute({ portal: '', rows: 0 });
      this.settling = true;
    }
    if (this.prepared.isWorthIt(this.role, this.text)) this.name = this.prepared.send(connection, this.role, this.text);
    super.prepare(connection);
  }

  /** A statement with a name has already been prepared. */
  override hasBeenParsed(): boolean {
    return this.name !== undefined;
  }

  override handleDataRow(message: unknown): void {
    if (!this.settling) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Wire): void {
    if (this.settling) this.settling = false;
    else super.handleCommandComplete(message, connection);
  }
}

const roleOf = (work: Work | undefined): string => (work?.scope && 'acrossTeams' in work.scope ? 'across' : 'team');

/** Statements about the transaction itself. They need no scope, and may undo settings. */
const isControl = /^\s*(begin|start|commit|rollback|savepoint|release)\b/i;
const isRead = /^\s*(select|with)\b/i;

/** From now on every statement on the pool's connections sees only what its caller's scope allows, and nothing without one. */
export function heedScope(pool: Pool, lanes: Record<Lane, LaneLimits>): void {
  const schema = new Schema();
  pool.on('connect', (connected: PoolClient) => {
    const client = connected as DriverClient;
    const send = client.query.bind(client) as (...given: unknown[]) => unknown;
    const prepared = new PreparedStatements(schema);
    let present: string | null = null;
    const scoped = (text: string, values: unknown): Promise<unknown> => {
      const work = currentWork();
      const settings = (): Settings => {
        const wanted = scopeSettings(work);
        if (client.getTransactionStatus() !== 'T') {
          const limit = isRead.test(text) && work ? lanes[work.lane].statementMs : longestStatementMs;
          const limited: Settings = limit < longestStatementMs ? [['statement_timeout', String(limit)]] : [];
          return [...differingFromDefault(wanted), ...limited];
        }
        const key = wanted.join();
        if (key === present) return [];
        present = key;
        return wanted;
      };
      return new Promise((resolve, reject) => {
        const query = new ScopedQuery({ text, values }, settings, prepared, roleOf(work));
        query.callback = (error, result) => {
          if (error) prepared.forget(error);
          if (error) reject(error);
          else resolve(result);
        };
        send(query);
      });
    };
    const query = (...given: unknown[]): unknown => {
      const [text, values] = given;
      // Other forms of query, which the service does not use, get no scope and see no team's rows.
      if (typeof text !== 'string' || given.length > 2) return send(...given);
      if (!isControl.test(text)) return scoped(text, values);
      present = null;
      return send(...given);
    };
    Object.assign(client, { query });
  });
}
