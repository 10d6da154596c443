/** How a Postgres that is down, full or read-only shows itself: its own classes of SQLSTATE, or a socket error. */
const downCodes = /^(08|57P|53|25006|25P03)/;
/** The statement reached its time limit. That says nothing about the database. */
const overtimeCode = '57014';
const socketCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);
/** Two transactions conflicted; the server ended one of them. */
const serializationFailure = '40001';
const collisionCodes = new Set(['40P01', serializationFailure]);
/** The server ended this one connection, or its socket broke. */
const lostCodes = new Set(['57P01', '57P02', '25P03', 'ECONNRESET', 'EPIPE']);
const lostMessage = /Connection terminated unexpectedly|is not queryable/;
/** A text with a NUL, or one that is not UTF-8. It came from the client, and the field's validation should have refused it. */
const unkeepableCodes = new Set(['22021', '22P05']);
const downMessage = /Connection terminated|is not queryable|timeout exceeded when trying to connect/;

type Fits = (code: string, message: string) => boolean;

/** The SQLSTATE or socket code, however the drivers wrapped the error. */
function somewhere(error: unknown, fits: Fits): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code } = e as { code?: unknown };
    if (fits(typeof code === 'string' ? code : '', e.message)) return true;
  }
  return false;
}

/** The database cannot do it now; the same call may succeed in a moment. */
export const isDatabaseDown = (error: unknown): boolean =>
  somewhere(error, (code, message) => downCodes.test(code) || socketCodes.has(code) || downMessage.test(message));

/** The statement took longer than allowed. The database itself is up. */
export const isOvertime = (error: unknown): boolean => somewhere(error, (code) => code === overtimeCode);

/** The connection broke during the statement; another connection may work. */
export const isConnectionLost = (error: unknown): boolean =>
  somewhere(error, (code, message) => lostCodes.has(code) || lostMessage.test(message));

/** Another transaction wrote the same unique value first. Run again, the unit sees that row and decides by it. */
export class Collision extends Error {
  override readonly name = 'Collision';
  readonly code = serializationFailure;
  constructor(cause: unknown) {
    super('Another transaction was first.', { cause });
  }
}

/** A migration changed the tables of a prepared statement. The statement works when it is prepared again. */
export function isStalePlan(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code, routine } = e as { code?: unknown; routine?: unknown };
    if (code === '0A000' && routine === 'RevalidateCachedQuery') return true;
  }
  return false;
}

/** A deadlock, a serialization failure or a stale plan: the transaction succeeds when it is repeated. */
export const isCollision = (error: unknown): boolean =>
  somewhere(error, (code) => collisionCodes.has(code)) || isStalePlan(error);

/** A parameter held a character that Postgres does not store. */
export const isUnkeepableText = (error: unknown): boolean => somewhere(error, (code) => unkeepableCodes.has(code));
