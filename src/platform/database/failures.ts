/** What a Postgres that is away, full or read-only looks like from here: its own classes of SQLSTATE, or no socket. */
const downCodes = /^(08|57P|53|25006|25P03)/;
/** The statement used up its time. It says nothing about the database. */
const overtimeCode = '57014';
const socketCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);
/** Two transactions were in each other's way; the server ended one of them. */
const serializationFailure = '40001';
const collisionCodes = new Set(['40P01', serializationFailure]);
/** The server ended this one connection, or its socket broke. */
const lostCodes = new Set(['57P01', '57P02', '25P03', 'ECONNRESET', 'EPIPE']);
const lostMessage = /Connection terminated unexpectedly|is not queryable/;
/** A text with a NUL, or one that is no UTF-8: it was the sender's, and every field should have refused it before. */
const unkeepableCodes = new Set(['22021', '22P05']);
const downMessage = /Connection terminated|is not queryable|timeout exceeded when trying to connect/;

type Fits = (code: string, message: string) => boolean;

/** However the drivers wrapped it. */
function somewhere(error: unknown, fits: Fits): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code } = e as { code?: unknown };
    if (fits(typeof code === 'string' ? code : '', e.message)) return true;
  }
  return false;
}

/** The database cannot do it just now; the same may work in a moment. */
export const isDatabaseDown = (error: unknown): boolean =>
  somewhere(error, (code, message) => downCodes.test(code) || socketCodes.has(code) || downMessage.test(message));

/** The statement took longer than it may. The database is as well as before. */
export const isOvertime = (error: unknown): boolean => somewhere(error, (code) => code === overtimeCode);

/** The connection broke under the statement: another one may well do. */
export const isConnectionLost = (error: unknown): boolean =>
  somewhere(error, (code, message) => lostCodes.has(code) || lostMessage.test(message));

/** A unique index refused what another transaction wrote first: run again, the unit sees that and decides by it. */
export class Collision extends Error {
  override readonly name = 'Collision';
  readonly code = serializationFailure;
  constructor(cause: unknown) {
    super('Another transaction was first.', { cause });
  }
}

/** A prepared statement whose tables a migration has changed since: prepared again, it works. */
export const isStalePlan = (error: unknown): boolean =>
  somewhere(error, (code, message) => code === '0A000' && message.includes('cached plan must not change result type'));

/** A deadlock, a serialization failure or a stale plan: repeated, the transaction succeeds. */
export const isCollision = (error: unknown): boolean =>
  somewhere(error, (code) => collisionCodes.has(code)) || isStalePlan(error);

/** A parameter held a character that Postgres does not store. */
export const isUnkeepableText = (error: unknown): boolean => somewhere(error, (code) => unkeepableCodes.has(code));
