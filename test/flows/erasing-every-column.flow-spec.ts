import type pg from 'pg';
import { schemas } from '../../src/schemas.js';
import { type RunningApp, startApp } from '../support/app.js';
import { shown } from '../support/checks.js';
import { rowsWith, statistics } from '../support/every-row.js';
import { eventually } from '../support/eventually.js';
import { anonymise, anIdentifiableCandidate, sendTo, type IdentifiableCandidate } from '../support/privacy.js';
import { withDatabase } from '../support/scheduled-tasks.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { completes, connectedTeam, type ConnectedTeam, reaches } from '../support/fixtures.js';

/** The columns on the contexts' lists that are erased with a candidate. */
const goes = ['candidate', 'case', 'outcome'] as const;
interface Listed {
  kind: (typeof goes)[number];
  table: string;
  column: string;
}
const listed: Listed[] = schemas.flatMap(({ name, columns }) =>
  Object.entries(columns).flatMap(([table, kinds]) =>
    goes.flatMap((kind) =>
      (kinds[kind]?.split(' ') ?? []).map((column) => ({
        kind,
        table: `${name.replaceAll('-', '_')}.${table}`,
        column,
      })),
    ),
  ),
);

/** The person's rows of each table: $1 candidate, $2 application, $3 check, $4 case, $5 team. */
const own: Record<string, string> = {
  'hiring.candidate': 'id = $1',
  'hiring.candidate_email': 'candidate_id = $1',
  'hiring.application': 'id = $2',
  'background_checks.background_check': 'id = $3',
  'background_checks.history_entry': 'check_id = $3',
  'background_checks.idempotency_record': 'check_id = $3',
  'integrations.connection': 'team_id = $5',
  'integrations.order': 'id = $3',
  'integrations.case_directory': 'order_id = $3',
  'integrations.vendor_case': 'order_id = $3',
  'integrations.inbound_event': 'order_id = $3',
  'integrations.unmatched_case': 'case_id = $4',
  'integrations.report': 'order_id = $3',
  'integrations.discrepancy': 'case_id = $4',
};

/** Values that a complete check never has through the API. They are planted here. */
const planted = [
  `update background_checks.background_check set failure_reason = 'refused_by_certn',
     failure_message = 'canary-failure of the check', failure_candidates = '{canary-candidate-1}' where id = $3`,
  `update integrations.order set message = 'canary-message of the order', candidates = '{canary-candidate-1}',
     refused_cases = '{canary-candidate-2}' where id = $3`,
  `update integrations.connection
     set last_error = jsonb_build_object('reason', 'x', 'message', 'canary-error about ' || $4::text) where team_id = $5`,
  `update integrations.inbound_event set failure = 'canary-failure of the event' where order_id = $3`,
  `insert into integrations.unmatched_case (team_id, connection_id, case_id)
     select team_id, connection_id, case_id from integrations.vendor_case where order_id = $3`,
  `insert into integrations.discrepancy (team_id, id, connection_id, kind, case_id, ordered_at)
     select team_id, gen_random_uuid(), connection_id, 'case_without_order', case_id, now()
     from integrations.vendor_case where order_id = $3`,
];

let app: RunningApp;
let sandbox: Sandbox;
let team: ConnectedTeam;
let person: IdentifiableCandidate;
let checkId: string;
let values: string[];
let before: Map<string, string[]>;

/** Every text that a column of the person holds, with each part of lists and objects on its own. */
async function textsOf({ table, column }: Listed): Promise<string[]> {
  const condition = own[table];
  if (!condition) throw new Error(`${table} is on a list: say in this test which of its rows are the person's.`);
  const { rows } = await withDatabase(app, (db) =>
    queried(db, `select to_jsonb(t."${column}") as value from ${table} t where ${condition}`),
  );
  return rows.flatMap(({ value }) => leaves(value));
}

/** A statement with as many values as it names. The others are there only to give them types. */
const queried = (db: pg.Client, text: string): Promise<pg.QueryResult<{ value: unknown }>> =>
  db.query(text.replace(/\$(\d)/g, (_, nth: string) => `'${values[Number(nth) - 1]}'`));

const leaves = (value: unknown): string[] => {
  if (value === null || value === undefined || value === '') return [];
  return typeof value === 'object'
    ? Object.values(value).flatMap(leaves)
    : [JSON.stringify(value).replace(/^"|"$/g, '')];
};

const nameOf = ({ table, column }: Listed): string => `${table}.${column}`;

beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  team = await connectedTeam(app, sandbox);
  person = await anIdentifiableCandidate(team);
  await withDatabase(app, (db) =>
    db.query(`update hiring.application set external_id = 'canary-application-1' where id = $1`, [
      person.applicationId,
    ]),
  );
  checkId = await sendTo(team, person, {}, { 'idempotency-key': 'canary-key-1' });
  const { vendor } = await reaches(team, checkId, 'invited');
  const caseId = vendor.case_id ?? '';
  await completes(team, caseId, 'REVIEW');
  await eventually(
    'it has a result',
    () => shown(team, checkId),
    ({ result }) => result !== null,
  );
  expect((await team.admin.get(`/background_checks/${checkId}/results`)).status).toBe(200);
  values = [person.candidateId, person.applicationId, checkId, caseId, team.teamId];
  for (const statement of planted) await withDatabase(app, (db) => queried(db, statement));
  before = new Map();
  for (const column of listed) before.set(nameOf(column), await textsOf(column));
  await withDatabase(app, (db) => db.query('analyze'));
}, 60_000);
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

describe('every listed column that is erased with a candidate', () => {
  it('held a value of the person before, so that this test reaches each one', () => {
    expect(listed.length).toBeGreaterThan(30);
    const empty = [...before].filter(([, texts]) => texts.length === 0).map(([name]) => name);
    expect(empty).toEqual([]);
  });

  it('holds none of it after the candidate is anonymised, and no other row in the database does', async () => {
    await anonymise(team, person);
    const values = identifyingValuesIn(['candidate', 'case']);
    expect(values).toEqual(
      expect.arrayContaining([...person.identifyingValues, 'canary-key-1', 'canary-application-1']),
    );
    await eventually(
      'nothing in the database tells who it was',
      () => rowsWith(app.databaseUrl, values),
      (rows) => rows.length === 0,
      20_000,
    );
    for (const column of listed.filter(({ kind }) => kind === 'outcome')) {
      const allowed = nameOf(column) === 'background_checks.background_check.status' ? ['complete'] : [];
      await eventually(
        `${nameOf(column)} is empty`,
        () => textsOf(column),
        (texts) => texts.join() === allowed.join(),
      );
    }
  }, 60_000);

  it('leaves no value in the planner’s statistics, which were collected before', async () => {
    const names = identifyingValuesIn(['candidate']);
    const remembered = async (words: string[]): Promise<string[]> =>
      (await statistics(app.databaseUrl)).filter((row) => words.some((word) => row.includes(word)));
    expect(await remembered(names)).toEqual([]);
    await withDatabase(app, (db) => db.query('analyze'));
    const all = identifyingValuesIn(['candidate', 'case']);
    expect(await remembered(all)).toEqual([]);
  });
});

const kindOf = (name: string): string => listed.find((column) => nameOf(column) === name)?.kind ?? '';
/** The person's names and addresses, the vendor's ids of their case, and the planted values; not values that all rows share. */
const identifyingValuesIn = (kinds: readonly string[]): string[] =>
  [...before]
    .filter(([name]) => kinds.includes(kindOf(name)))
    .flatMap(([name, texts]) => texts.filter((text) => isTelling(kindOf(name), text)));

const isTelling = (kind: string, text: string): boolean =>
  person.identifyingValues.includes(text) || /canary|@/.test(text) || (kind === 'case' && !text.startsWith('https://'));
