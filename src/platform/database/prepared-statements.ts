import { createHash } from 'node:crypto';
import { isStalePlan } from './failures.js';

/** The parts of the driver's connection that its type declarations omit. */
export interface Wire {
  close(message: { type: 'S'; name: string }): void;
  parse(message: { text: string; name: string; types: number[] }): void;
  bind(message: { portal: string; statement: string; values: string[] }): void;
  execute(message: { portal: string; rows: number }): void;
}

/** How often a connection sends a statement before it prepares it: planning a rare statement costs less than keeping it. */
const usesBeforePreparing = 2;
/** The most statements that one connection keeps prepared. Each takes some memory of the server. */
const mostPrepared = 120;
/** Longer texts are made for one call, such as a list of many rows, and never come again. */
const longestPrepared = 20_000;

/** What the connections of a pool know of the tables: one of them learns that a migration has changed them, for all. */
export class Schema {
  version = 0;
}

/**
 * The statements that the server has parsed for one connection. Parsing a statement and adding the conditions of row level security
 * costs more than running most statements. The plan is still made for the values of each call (`plan_cache_mode`, see
 * `connections.ts`).
 */
export class PreparedStatements {
  /** By name, the one used longest ago first. `false`: it may not exist, or not fit the tables any more. */
  private readonly statements = new Map<string, boolean>();
  private readonly uses = new Map<string, number>();
  private version: number;

  constructor(private readonly schema: Schema) {
    this.version = schema.version;
  }

  /**
   * The name of the statement. Prepares it first if the connection does not have it. `role`: who runs it. Each role has statements
   * of its own: before PostgreSQL 15.9, 16.5 and 17.1 one could keep the row level security of the role that prepared it.
   */
  send(connection: Wire, role: string, text: string): string {
    if (this.version !== this.schema.version) this.distrust();
    const name = nameOf(role, text);
    const known = this.statements.get(name);
    this.statements.delete(name);
    this.statements.set(name, true);
    if (known) return name;
    if (this.statements.size > mostPrepared) this.drop(connection);
    // The statement may already exist, and preparing it again would fail. Closing one that does not exist is no error.
    if (known === false) connection.close({ type: 'S', name });
    connection.parse({ text, name, types: [] });
    return name;
  }

  /** Whether this text is sent often enough on this connection to be prepared. Counts the call. */
  isWorthIt(role: string, text: string): boolean {
    if (text.length > longestPrepared) return false;
    const name = nameOf(role, text);
    if (this.statements.has(name)) return true;
    const uses = this.uses.get(name) ?? 0;
    if (uses >= usesBeforePreparing) return this.uses.delete(name);
    // Statements that never come again must not fill the memory.
    if (this.uses.size >= 10 * mostPrepared) this.uses.clear();
    this.uses.set(name, uses + 1);
    return false;
  }

  /** After an error: statements that were sent may not exist, because in a failed transaction the server prepares nothing. */
  forget(error: unknown): void {
    if (isStalePlan(error)) this.schema.version += 1;
    this.distrust();
  }

  private distrust(): void {
    this.version = this.schema.version;
    for (const name of this.statements.keys()) this.statements.set(name, false);
  }

  private drop(connection: Wire): void {
    const [oldest] = this.statements.keys();
    if (oldest === undefined) return;
    this.statements.delete(oldest);
    connection.close({ type: 'S', name: oldest });
  }
}

const names = new Map<string, string>();

/**
 * Says what the statement is, the same on every connection: behind a pooler that mixes up the statements of its clients, a name can
 * lead to no other text.
 */
function nameOf(role: string, text: string): string {
  const key = `${role} ${text}`;
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = `${role}_${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;
  if (names.size >= 20 * mostPrepared) names.clear();
  names.set(key, name);
  return name;
}
