import { parseArgs } from 'node:util';
import { isDeliverable } from '#kernel/email';
import { asTeam } from '#platform/database/scope';
import { TimeOrderedIds } from '#platform/system';
import { CreateTeam, teamCreation } from '../contexts/access/access.module.js';
import { databaseUrlFrom, explaining, Mistake, type Outcome, outcomeOf, report, withDatabase } from './command.js';

/** The first team and its admin. */
export interface NewTeam {
  name: string;
  adminEmail: string;
  adminName?: string;
  adminExternalId?: string;
}

/** Creates a team with its first admin in a migrated database. */
export async function createTeam(databaseUrl: string, team: NewTeam): Promise<{ team_id: string; user_id: string }> {
  const name = team.name.trim();
  const email = team.adminEmail.trim();
  if (!name) throw new Mistake('--name is blank: give the team a name.');
  if (!isDeliverable(email)) throw new Mistake(`--admin-email "${email}" is not an email address.`);
  const ids = new TimeOrderedIds();
  const [teamId, userId] = [ids.next(), ids.next()];
  const adminName = team.adminName?.trim() || email.slice(0, email.lastIndexOf('@'));
  const externalId = team.adminExternalId?.trim() || null;
  const command = new CreateTeam(teamId, name, { id: userId, name: adminName, email, externalId });
  await withDatabase(databaseUrl, (em) => asTeam(teamId, () => teamCreation(em).execute(command)));
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

/** The command as an operator types it: prints one line. */
export function run(args: string[], databaseUrl: string | undefined): Promise<Outcome> {
  return outcomeOf(async () => {
    const team = teamFrom(args);
    return JSON.stringify(await createTeam(databaseUrlFrom(databaseUrl), team));
  }, explaining(usage));
}

if (import.meta.main) report(await run(process.argv.slice(2), process.env['DATABASE_URL']));
