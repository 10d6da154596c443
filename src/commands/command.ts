import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { INestApplicationContext } from '@nestjs/common';
import { DomainError } from '#kernel/errors';
import { SettingsError } from '#platform/config/settings';
import { scopedOrmOptions } from '#platform/database/orm-options';
import { acrossTeams } from '#platform/database/scope';
import { schemas } from '../schemas.js';

/** How a command ended, and what it tells the operator. */
export interface Outcome {
  done: boolean;
  text: string;
}

/** An error that the operator can correct. Its message is shown as it is. */
export class Mistake extends Error {}

/** Turns an error into one line for the operator. */
export type Explain = (error: unknown) => string;

/** The first line of an error's message. A failed connection may have no message, only a code. */
export function firstLineOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  return message.split('\n')[0] || (code ?? 'no answer');
}

/**
 * The sentence for every error of a command. `reasonOf` describes an unexpected error. Its default shows the message; a command
 * that handles personal data passes `describeError`, because a driver's message may quote rows.
 */
export const explaining =
  (usage: string, reasonOf: Explain = firstLineOf): Explain =>
  (error) => {
    if (error instanceof Mistake || error instanceof DomainError) return error.message;
    if (error instanceof SettingsError) return error.faults.join(' ');
    const { code, message } = error as { code?: string; message: string };
    if (code?.startsWith('ERR_PARSE_ARGS')) return `${message.split('.')[0] ?? ''}. Usage: ${usage}`;
    if (code === '42P01' || code === '3F000' || message.startsWith('pg-boss '))
      return 'The database is not ready: run `npm run migrate` first.';
    return `The database cannot be used: ${reasonOf(error)}`;
  };

/** Runs the work of a command. Never throws: an error becomes the outcome's one line. */
export async function outcomeOf(work: () => Promise<string | Outcome>, explain: Explain): Promise<Outcome> {
  try {
    const result = await work();
    return typeof result === 'string' ? { done: true, text: result } : result;
  } catch (error) {
    return { done: false, text: explain(error) };
  }
}

/** Prints an outcome and sets the exit code: 0 when the command is done, 1 when it is not. */
export function report({ done, text }: Outcome, output = done ? process.stdout : process.stderr): void {
  if (text) output.write(`${text}\n`);
  process.exitCode = done ? 0 : 1;
}

export function databaseUrlFrom(databaseUrl: string | undefined): string {
  if (databaseUrl) return databaseUrl;
  throw new Mistake('DATABASE_URL is missing: set it to postgres://user:password@host:5432/database.');
}

/**
 * The start of a command that needs the database and nothing else. It does not build the application: the command then also
 * works where the settings of the service are missing or wrong, and it starts no queue and loads no keys.
 */
export async function withDatabase<T>(
  databaseUrl: string | undefined,
  work: (em: EntityManager, orm: Pick<MikroORM, 'migrator'>) => Promise<T>,
  options = scopedOrmOptions,
): Promise<T> {
  const orm = await MikroORM.init(options(databaseUrlFrom(databaseUrl), schemas));
  try {
    return await work(orm.em, orm);
  } finally {
    await orm.close();
  }
}

/** The start of a command that runs use cases of the service: the whole application without HTTP and without workers. */
export async function withService<T>(
  env: NodeJS.ProcessEnv,
  work: (service: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const service = await startService(env);
  try {
    return await acrossTeams('operator', () => work(service));
  } finally {
    await service.close();
  }
}

async function startService(env: NodeJS.ProcessEnv): Promise<INestApplicationContext> {
  const before = { ...process.env };
  Object.assign(process.env, env, { ROLE: 'api', LOG_LEVEL: 'silent', METRICS_PORT: '' });
  try {
    // Imported late: the module reads the log level when it is loaded, and other commands need neither it nor Nest.
    const [{ NestFactory }, { AppModule }] = await Promise.all([import('@nestjs/core'), import('../app.module.js')]);
    const service = await NestFactory.createApplicationContext(AppModule, { abortOnError: false, logger: false });
    // Ends by the signal itself: `process.exit` would report success for half of the work.
    return service.enableShutdownHooks(['SIGTERM', 'SIGINT']);
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}
