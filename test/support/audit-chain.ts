import type pg from 'pg';
import { run } from '../../src/commands/audit-verify.js';
import { type RunningApp } from './app.js';
import { eventually } from './eventually.js';
import { aColleague, aTeam } from './people.js';

export interface ChainedTeam {
  teamId: string;
  /** In the order of the chain. */
  entryIds: string[];
  head: string;
}

/** The command as an operator runs it. */
export const verify = (app: RunningApp, ...args: string[]): ReturnType<typeof run> => run(args, app.databaseUrl);

export async function chained(app: RunningApp, teamId: string, entries: number): Promise<void> {
  await eventually(
    `${entries} entries are chained`,
    async () => (await verify(app, '--team', teamId)).text,
    (text) => text.includes(`: ${entries} entries fit, 0 not chained yet`),
    60_000,
  );
}

/** A team with six entries, all made by the service. */
export async function aChainedTeam(app: RunningApp, database: pg.Client): Promise<ChainedTeam> {
  const { teamId, admin } = await aTeam(app);
  for (let i = 0; i < 5; i += 1) await aColleague(admin, 'limited');
  await chained(app, teamId, 6);
  const { rows } = await database.query<{ entry_id: string }>(
    'select entry_id from platform.audit_chain where team_id = $1 order by seq',
    [teamId],
  );
  const { text: head } = await verify(app, '--team', teamId, '--head');
  return { teamId, entryIds: rows.map(({ entry_id }) => entry_id), head };
}

/** Inserts entries without the service, as a statement and its values. */
export const entriesOf = (teamId: string, count: number, at = 'now()'): [string, unknown[]] => [
  `insert into platform.audit_entry (team_id, id, at, action, entity, entity_id, outcome, before, after)
   select $1, gen_random_uuid(), ${at}, 'stage.create', 'stage', n::text, 'done', '{}', '{"name":"x"}'
   from generate_series(1, $2::int) n`,
  [teamId, count],
];

/** Runs statements that only the owner of the tables can run, with the triggers off. */
export async function asOwner(database: pg.Client, statements: string): Promise<void> {
  const trigger = (state: string): string => `
    alter table platform.audit_entry ${state} trigger audit_entry_append_only;
    alter table platform.audit_chain ${state} trigger audit_chain_append_only;`;
  await database.query(trigger('disable'));
  await database.query(statements).finally(() => database.query(trigger('enable always')));
}
