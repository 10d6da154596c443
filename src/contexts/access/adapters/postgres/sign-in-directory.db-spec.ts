import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { SignInByPerson } from './migrations/0002-sign-in-by-person.js';

let database: TestDatabase;
let client: pg.Client;
const team = randomUUID();

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`insert into access.team values ($1, 'Acme', now())`, [team]);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

async function aUser(email: string, listed: string): Promise<string> {
  const id = randomUUID();
  await client.query(
    `insert into access.user_account (team_id, id, name, email, access_level, disabled, linked_candidate_ids, created_at, updated_at)
     values ($1, $2, 'X', $3, 'admin', false, '{}', now(), now())`,
    [team, id, email],
  );
  await client.query(`insert into access.sign_in (user_id, team_id, email) values ($1, $2, $3)`, [id, team, listed]);
  return id;
}

/** Runs the migration's last step on a database that has its columns already. */
it('The migration removes addresses that were folded from look-alikes, and keeps the others', async () => {
  const kelvin = await aUser('mi\u212ae@acme.test', 'mike@acme.test');
  const wide = await aUser('ada@\uff41cme.test', 'ada@acme.test');
  const plain = await aUser("O'Hara+x@Acme.test", "o'hara+x@acme.test");
  const statements = statementsOf();
  await client.query(statements.at(-1) ?? '');
  const { rows } = await client.query<{ user_id: string; email: string | null }>(
    'select user_id, email from access.sign_in where team_id = $1',
    [team],
  );
  expect(new Map(rows.map((row) => [row.user_id, row.email]))).toEqual(
    new Map([
      [kelvin, null],
      [wide, null],
      [plain, "o'hara+x@acme.test"],
    ]),
  );
});

function statementsOf(): string[] {
  const statements: string[] = [];
  SignInByPerson.prototype.up.call({ addSql: (statement: string) => statements.push(statement) } as never);
  return statements;
}
