import { randomUUID } from 'node:crypto';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import pg from 'pg';
import { isRecordedDatabase } from '../../src/platform/database/identity.ts';
import { asService } from '../support/environment.ts';
import { median, quantile } from './measures.ts';
import type { Harness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';

const claims = 2_000;
const warmUp = 200;
/** Limit for the additional time per order, in microseconds. */
const aim = 1_000;

const kysely = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

const set = `state = 'sending', attempt = attempt + 1, sending_since = now(), deadline = now() + interval '20 seconds',
  unknown_since = coalesce(unknown_since, now()), visible_at = now() + interval '920 seconds', reconciliations = 0, reconcile_at = null,
  absences = 0, absent_at = null, waiting_for = null, message = null, updated_at = now()`;
const which = `team_id = $1 and id = $2 and state = 'requested' and not do_not_send`;
const statements = {
  without: `update integrations.order set ${set} where ${which} returning *`,
  with: `with present as materialized (select ${isRecordedDatabase.compile(kysely).sql} as recorded),
    claimed as (update integrations.order set ${set} where ${which} and (select recorded from present) returning *)
    select claimed.*, present.recorded from present left join claimed on true`,
};

/**
 * Measures the cost of checking, at each claim, that the database is the recorded one. Both forms alternate, each on its own
 * orders.
 */
export async function measureClaim(harness: Harness, team: HarnessTeam): Promise<Record<string, unknown>> {
  for (const replica of harness.replicas) await replica.stop();
  const client = new pg.Client({ connectionString: asService(harness.databaseUrl) });
  await client.connect();
  const measured = { without: [] as number[], with: [] as number[] };
  try {
    await client.query(`select set_config('ats.team_id', $1, false)`, [team.teamId]);
    for (let nth = 0; nth < warmUp + claims; nth += 1) {
      for (const side of nth % 2 ? (['without', 'with'] as const) : (['with', 'without'] as const)) {
        const id = await anOrder(harness, team);
        const begun = performance.now();
        const { rows } = await client.query<{ state: string }>(statements[side], [team.teamId, id]);
        if (nth >= warmUp) measured[side].push((performance.now() - begun) * 1000);
        if (rows[0]?.state !== 'sending') throw new Error(`The claim ${side} the check took no order.`);
      }
    }
  } finally {
    await client.end();
  }
  const of = (by: (all: number[]) => number): [number, number] => [by(measured.without), by(measured.with)];
  const rounded = (pair: [number, number]): string => pair.map(Math.round).join(' / ');
  const [plain, checked] = of(median);
  return {
    'median, µs without / with': rounded([plain, checked]),
    // The value that other load on the machine affects least.
    'quickest tenth, µs': rounded(of((all) => quantile(all, 0.1))),
    'p99, µs': rounded(of((all) => quantile(all, 0.99))),
    claims,
    met: checked - plain <= aim,
  };
}

async function anOrder(harness: Harness, { teamId }: HarnessTeam): Promise<string> {
  const id = randomUUID();
  await harness.rows(
    `insert into integrations.order
       (team_id, id, connection_id, account_key, package_id, email, email_canonical, state)
     select $1, $2, id, account_key, 'p', $3, $3, 'requested' from integrations.connection where team_id = $1 and current`,
    [teamId, id, `${id}@canary.example`],
  );
  return id;
}
