import { parseArgs } from 'node:util';
import { type EntityManager, IsolationLevel, RequestContext } from '@mikro-orm/postgresql';
import { isUUID } from 'class-validator';
import { sql } from 'kysely';
import { type ChainVerdict, chainedTeams, verifyChain } from '#platform/audit/verify-chain';
import { Database } from '#platform/database/database';
import { ormOptions } from '#platform/database/orm-options';
import { acrossTeamsRole } from '#platform/database/wall';
import { explaining, Mistake, type Outcome, report, withDatabase } from './command.js';

const usage = 'npm run audit:verify -- [--team <id>] [--head] [--expect <head>]…';

interface Options {
  team: string | undefined;
  /** Prints only the heads, to be stored elsewhere. */
  head: boolean;
  /** Heads that were stored elsewhere. */
  expect: string[];
}

/** `done`: everything matches. */
export interface Verified extends Outcome {
  /** What does not match, for standard error. */
  faults: string[];
}

const headForm = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}:\d+:[\da-f]{64}$/;

function optionsFrom(args: string[]): Options {
  const known = {
    team: { type: 'string' },
    head: { type: 'boolean' },
    expect: { type: 'string', multiple: true },
  } as const;
  const { values } = parseArgs({ args, options: known });
  if (values.team !== undefined && !isUUID(values.team)) throw new Mistake(`"${values.team}" is no team’s id.`);
  const wrong = values.expect?.find((head) => !headForm.test(head));
  if (wrong !== undefined) throw new Mistake(`"${wrong}" is no head: it looks like <team>:<line>:<hash>.`);
  return { team: values.team, head: values.head ?? false, expect: values.expect ?? [] };
}

const counted = ({ teamId, verified, unchained, head }: ChainVerdict): string =>
  `Team ${teamId}: ${verified} entries fit, ${unchained} not chained yet${head ? `. Head ${head}` : ''}`;

/** A role that sees no rows would report no faults. */
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

async function verify(database: Database, options: Options): Promise<Verified> {
  const teams = options.team ? [options.team] : await chainedTeams(database);
  const missing = new Set(options.expect.filter((head) => !options.team || head.startsWith(`${options.team}:`)));
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
    text: (options.head ? heads : [...verdicts.map(counted), summary]).join('\n'),
    faults,
  };
}

/** The command as an operator types it. It changes nothing. */
export async function run(args: string[], databaseUrl: string | undefined): Promise<Verified> {
  try {
    const options = optionsFrom(args);
    const reading = { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true };
    const verifying = (em: EntityManager): Promise<Verified> =>
      RequestContext.create(em, () =>
        em.transactional(async () => {
          const database = new Database(em);
          await seeEveryTeam(database);
          return verify(database, options);
        }, reading),
      );
    // Without scopes: the role in the address may be the owner's or one with BYPASSRLS.
    return await withDatabase(databaseUrl, verifying, ormOptions);
  } catch (error) {
    return { done: false, text: '', faults: [explaining(usage)(error)] };
  }
}

if (import.meta.main) {
  const { done, text, faults } = await run(process.argv.slice(2), process.env['DATABASE_URL']);
  if (!done && text) process.stdout.write(`${text}\n`);
  report({ done, text: done ? text : faults.join('\n') });
}
