import { parseArgs } from 'node:util';
import { IsolationLevel, MikroORM, RequestContext } from '@mikro-orm/postgresql';
import { isUUID } from 'class-validator';
import { sql } from 'kysely';
import { type ChainVerdict, chainedTeams, verifyChain } from '#platform/audit/verify-chain';
import { Database } from '#platform/database/database';
import { ormOptions } from '#platform/database/orm-options';
import { acrossTeamsRole } from '#platform/database/wall';
import { schemas } from './schemas.js';

const usage = 'npm run audit:verify -- [--team <id>] [--head] [--expect <head>]…';

/** What a person at a terminal can put right. */
class Mistake extends Error {}

interface Wish {
  team: string | undefined;
  /** Only the heads are printed, for keeping elsewhere. */
  head: boolean;
  /** Heads that were kept elsewhere. */
  expect: string[];
}

export interface Outcome {
  /** Everything fits. */
  done: boolean;
  text: string;
  /** What does not, for standard error. */
  faults: string[];
}

const headForm = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}:\d+:[\da-f]{64}$/;

function wishFrom(args: string[]): Wish {
  const options = {
    team: { type: 'string' },
    head: { type: 'boolean' },
    expect: { type: 'string', multiple: true },
  } as const;
  const { values } = parseArgs({ args, options });
  if (values.team !== undefined && !isUUID(values.team)) throw new Mistake(`"${values.team}" is no team’s id.`);
  const wrong = values.expect?.find((head) => !headForm.test(head));
  if (wrong !== undefined) throw new Mistake(`"${wrong}" is no head: it looks like <team>:<line>:<hash>.`);
  return { team: values.team, head: values.head ?? false, expect: values.expect ?? [] };
}

const counted = ({ teamId, verified, unchained, head }: ChainVerdict): string =>
  `Team ${teamId}: ${verified} entries fit, ${unchained} not chained yet${head ? `. Head ${head}` : ''}`;

/** A role that sees no rows would find nothing wrong with them. */
async function seeEveryTeam(database: Database): Promise<void> {
  const role = await database.first(sql<{ may: boolean }>`
    select coalesce(pg_has_role(current_user, to_regrole(${acrossTeamsRole}), 'member'), false) as may`);
  if (role?.may) await database.affected(sql`set local role ${sql.id(acrossTeamsRole)}`);
  const wall = await database.first(sql<{ hidden: boolean }>`
    select row_security_active('platform.audit_entry') or row_security_active('platform.audit_chain') as hidden`);
  if (wall?.hidden && !role?.may) {
    throw new Mistake(
      'The role in DATABASE_URL does not see every team: use the service’s, the owner’s, or one with BYPASSRLS.',
    );
  }
}

async function verify(database: Database, wish: Wish): Promise<Outcome> {
  const teams = wish.team ? [wish.team] : await chainedTeams(database);
  const missing = new Set(wish.expect.filter((head) => !wish.team || head.startsWith(`${wish.team}:`)));
  const verdicts: ChainVerdict[] = [];
  for (const teamId of teams) {
    verdicts.push(await verifyChain(database, teamId, (head) => missing.delete(head)));
  }
  const faults = verdicts
    .filter(({ fault }) => fault !== null)
    .map(({ teamId, fault }) => `Team ${teamId}: ${fault}.`)
    .concat([...missing].map((head) => `The head ${head} is not in the chain: entries were removed or replaced.`));
  const heads = verdicts.flatMap(({ head }) => head ?? []);
  const total = verdicts.reduce((sum, { verified }) => sum + verified, 0);
  const summary = `${faults.length === 0 ? 'The audit log is whole' : 'THE AUDIT LOG DOES NOT FIT'}: ${total} entries of ${teams.length} teams fit.`;
  return {
    done: faults.length === 0,
    text: (wish.head ? heads : [...verdicts.map(counted), summary]).join('\n'),
    faults,
  };
}

function explained(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  if (error instanceof Mistake) return message;
  if (code?.startsWith('ERR_PARSE_ARGS')) return `${message.split('.')[0] ?? ''}. Usage: ${usage}`;
  if (code === '42P01' || code === '3F000') return 'The database is not ready: run `npm run migrate` first.';
  return `The database cannot be used: ${message.split('\n')[0] || (code ?? 'no answer')}`;
}

/** The command as a person types it. It only reads. */
export async function run(args: string[], databaseUrl: string | undefined): Promise<Outcome> {
  try {
    const wish = wishFrom(args);
    if (!databaseUrl)
      throw new Mistake('DATABASE_URL is missing: set it to postgres://user:password@host:5432/database.');
    const orm = await MikroORM.init(ormOptions(databaseUrl, schemas));
    try {
      const reading = { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true };
      return await RequestContext.create(orm.em, () =>
        orm.em.transactional(async () => {
          const database = new Database(orm.em);
          await seeEveryTeam(database);
          return verify(database, wish);
        }, reading),
      );
    } finally {
      await orm.close();
    }
  } catch (error) {
    return { done: false, text: '', faults: [explained(error)] };
  }
}

if (import.meta.main) {
  const { done, text, faults } = await run(process.argv.slice(2), process.env['DATABASE_URL']);
  if (text) process.stdout.write(`${text}\n`);
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.exitCode = done ? 0 : 1;
}
