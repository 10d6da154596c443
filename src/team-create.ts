import { parseArgs } from 'node:util';
import { MikroORM } from '@mikro-orm/postgresql';
import { isDeliverable } from '#kernel/email';
import { DomainError } from '#kernel/errors';
import { scopedOrmOptions } from '#platform/database/orm-options';
import { asTeam } from '#platform/database/scope';
import { TimeOrderedIds } from '#platform/system';
import { CreateTeam, teamCreation } from './contexts/access/access.module.js';
import { schemas } from './schemas.js';

/** What the first team and its admin are called. */
export interface NewTeam {
  name: string;
  adminEmail: string;
  adminName?: string;
  adminExternalId?: string;
}

/** What a person at a terminal can put right. */
class Mistake extends Error {}

/** Creates a team with its first admin in a migrated database. */
export async function createTeam(databaseUrl: string, team: NewTeam): Promise<{ team_id: string; user_id: string }> {
  const name = team.name.trim();
  const email = team.adminEmail.trim();
  if (!name) throw new Mistake('--name is blank: give the team a name.');
  if (!isDeliverable(email)) throw new Mistake(`--admin-email "${email}" is not an e-mail address.`);
  const orm = await MikroORM.init(scopedOrmOptions(databaseUrl, schemas));
  const ids = new TimeOrderedIds();
  const [teamId, userId] = [ids.next(), ids.next()];
  const adminName = team.adminName?.trim() || email.slice(0, email.lastIndexOf('@'));
  const externalId = team.adminExternalId?.trim() || null;
  try {
    const command = new CreateTeam(teamId, name, { id: userId, name: adminName, email, externalId });
    await asTeam(teamId, () => teamCreation(orm.em).execute(command));
  } finally {
    await orm.close();
  }
  return { team_id: teamId, user_id: userId };
}

const usage =
  'npm run team:create -- --name "Acme" --admin-email ada@acme.test [--admin-name Ada] [--admin-external-id sub]';

function teamFrom(args: string[]): NewTeam {
  const text = { type: 'string' } as const;
  const options = { name: text, 'admin-email': text, 'admin-name': text, 'admin-external-id': text };
  const { values } = parseArgs({ args, options });
  if (!values.name || !values['admin-email']) throw new Mistake(`--name and --admin-email are needed: ${usage}`);
  return {
    name: values.name,
    adminEmail: values['admin-email'],
    adminName: values['admin-name'],
    adminExternalId: values['admin-external-id'],
  };
}

function explained(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  if (error instanceof Mistake || error instanceof DomainError) return message;
  if (code?.startsWith('ERR_PARSE_ARGS')) return `${message.split('.')[0] ?? ''}. Usage: ${usage}`;
  if (code === '42P01' || code === '3F000') return 'The database is not ready: run `npm run migrate` first.';
  return `The database cannot be used: ${message.split('\n')[0] || (code ?? 'no answer')}`;
}

/** The command as a person types it: one line for them, whichever way it ends. */
export async function run(args: string[], databaseUrl: string | undefined): Promise<{ done: boolean; line: string }> {
  try {
    const team = teamFrom(args);
    if (!databaseUrl)
      throw new Mistake('DATABASE_URL is missing: set it to postgres://user:password@host:5432/database.');
    return { done: true, line: JSON.stringify(await createTeam(databaseUrl, team)) };
  } catch (error) {
    return { done: false, line: explained(error) };
  }
}

if (import.meta.main) {
  const { done, line } = await run(process.argv.slice(2), process.env['DATABASE_URL']);
  (done ? process.stdout : process.stderr).write(`${line}\n`);
  process.exitCode = done ? 0 : 1;
}
