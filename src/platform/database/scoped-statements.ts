import pg, { type Pool, type PoolClient } from 'pg';
import { type LaneLimits, longestStatementMs } from './lanes.js';
import { currentWork, type Lane } from './scope.js';
import { differingFromDefault, scopeSettings, type Settings } from './scope-settings.js';

/** The parts of the driver's query and connection that its type declarations omit. */
interface Wire {
  close(message: { type: 'S'; name: string }): void;
  parse(message: { text: string; name: string; types: number[] }): void;
  bind(message: { portal: string; statement: string; values: string[] }): void;
  execute(message: { portal: string; rows: number }): void;
}
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

/** How often a connection sends a statement before it prepares it: planning a rare statement costs less than keeping it. */
const usesBeforePreparing = 2;
/** The most statements that one connection keeps prepared. Each takes some memory of the server. */
const mostPrepared = 120;

/**
 * The statements that the server has parsed for one connection. Parsing a statement and adding the conditions of row level security
 * costs more than running most statements. The plan is still made for the values of each call (`plan_cache_mode`, see
 * `connections.ts`).
 */
class PreparedStatements {
  /** Each text keeps its name. A new name after each error would leave more and more old statements on the server. */
  private readonly names = new Map<string, string>();
  private readonly present = new Set<string>();
  private readonly uses = new Map<string, number>();

  /** The name of the statement. Prepares it first if the connection does not have it. */
  send(connection: Wire, text: string): string {
    const name = this.names.get(text) ?? `s${this.names.size + 1}`;
    if (this.present.has(name)) return name;
    // The statement may already exist, and preparing it again would fail. Closing one that does not exist is no error.
    if (this.names.has(text)) connection.close({ type: 'S', name });
    this.names.set(text, name);
    connection.parse({ text, name, types: [] });
    this.present.add(name);
    return name;
  }

  /** Whether this text is sent often enough on this connection to be prepared. Counts the call. */
  isWorthIt(text: string): boolean {
    if (this.names.has(text)) return true;
    if (this.names.size >= mostPrepared) return false;
    const uses = this.uses.get(text) ?? 0;
    if (uses >= usesBeforePreparing) return this.uses.delete(text);
    // Statements that never come again must not fill the memory.
    if (this.uses.size >= 10 * mostPrepared) this.uses.clear();
    this.uses.set(text, uses + 1);
    return false;
  }

  /**
   * After an error: statements that were sent may not exist (in a failed transaction the server prepares nothing), and existing ones
   * may not fit the tables any more, because a migration changed them.
   */
  forget(): void {
    this.present.clear();
  }
}

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
  ) {
    super({ ...config, queryMode: 'extended' });
  }

  override prepare(connection: Wire): void {
    const settings = this.settings();
    if (settings.length > 0) {
      const statement = this.prepared.send(connection, textFor(settings));
      connection.bind({ portal: '', statement, values: settings.map(([, value]) => value) });
      connection.execute({ portal: '', rows: 0 });
      this.settling = true;
    }
    if (this.prepared.isWorthIt(this.text)) this.name = this.prepared.send(connection, this.text);
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

/** Statements about the transaction itself. They need no scope, and may undo settings. */
const isControl = /^\s*(begin|start|commit|rollback|savepoint|release)\b/i;
const isRead = /^\s*(select|with)\b/i;

/** From now on every statement on the pool's connections sees only what its caller's scope allows, and nothing without one. */
export function heedScope(pool: Pool, lanes: Record<Lane, LaneLimits>): void {
  pool.on('connect', (connected: PoolClient) => {
    const client = connected as DriverClient;
    const send = client.query.bind(client) as (...given: unknown[]) => unknown;
    const prepared = new PreparedStatements();
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
        const query = new ScopedQuery({ text, values }, settings, prepared);
        query.callback = (error, result) => {
          if (error) prepared.forget();
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
