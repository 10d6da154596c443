import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { startProcess } from '../support/own-processes.ts';
import { Keyring } from '../../src/platform/secrets/keyring.ts';
import { Caller } from './caller.ts';
import type { AttackOrder, Outcome } from './noisy-attacks.ts';
import type { Harness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';

const candidates = 20_000;
const checks = 30_000;
const entries = 40_000;
const connectionsWaiting = 200;

/** A large team with one attacking user. SQL creates its data, as much as years of use would. */
export class LoudTeam {
  readonly team: HarnessTeam;
  readonly check: { id: string; caseId: string };
  private readonly harness: Harness;
  private attacks = 0;

  static async start(harness: Harness, keys: { kid: string; key: Buffer }[]): Promise<LoudTeam> {
    const team = await harness.team();
    const { id, caseId } = await team.invited();
    await harness.certn.control.act(caseId, 'set', { status: 'COMPLETE', score: 'CLEAR' });
    await team.reaches(id, 'complete');
    await grow(harness, team, id);
    await addUnknownOutcomes(harness, team, new Keyring(keys));
    await team.admin.must('PUT', '/retention_rule', { months: 1 });
    return new LoudTeam(harness, team, { id, caseId });
  }

  private constructor(harness: Harness, team: HarnessTeam, check: { id: string; caseId: string }) {
    this.harness = harness;
    this.team = team;
    this.check = check;
  }

  /** Starts an attack by a new admin in a separate process. `over` resolves at its end. */
  async attack(name: string, seconds: number, facts: Record<string, string>): Promise<{ over: Promise<Outcome> }> {
    const user = { name: 'Loud', email: `l-${randomUUID()}@canary.example`, access_level: 'admin' };
    const { id } = await this.team.admin.must<{ id: string }>('POST', '/users', user);
    const { token } = await Caller.signIn(this.harness.front.url, id);
    const order: AttackOrder = {
      attack: name,
      urls: this.harness.replicas.map(({ ownUrl }) => ownUrl),
      from: `198.51.100.${(this.attacks += 1)}`,
      token,
      seconds,
      facts: { ...facts, checkId: this.check.id, token },
    };
    return { over: run(order) };
  }

  /** Changes a check of the team, so every open stream of the team gets an update. */
  async changeCheck(): Promise<void> {
    await this.harness.rows(
      `update background_checks.background_check set version = version + 1
       where team_id = $1 and id = $2`,
      [this.team.teamId, this.check.id],
    );
    await this.harness.rows(`select pg_notify('background_check_saved', $1)`, [`${this.team.teamId}/${this.check.id}`]);
  }
}

function run(order: AttackOrder): Promise<Outcome> {
  const program = join(import.meta.dirname, 'noisy-attacks.ts');
  const child = startProcess(process.execPath, [program, JSON.stringify(order)], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      if (code === 0) resolve(JSON.parse(output) as Outcome);
      else reject(new Error(`The attack ended with ${code}: ${errors}`));
    });
  });
}

/** Adds candidates with one application each, copies of one check, and audit entries. */
async function grow(harness: Harness, { teamId }: HarnessTeam, checkId: string): Promise<void> {
  const job = `(select id from hiring.job where team_id = '${teamId}' limit 1)`;
  const people = `with made as (select n, gen_random_uuid() as id, now() - interval '3 years' as t from generate_series(1, ${candidates}) n)`;
  await harness.rows(`
    insert into hiring.candidate (team_id, id, first_name, last_name, email_addresses, phone_numbers, search_text, created_at, updated_at)
    ${people} select '${teamId}', id, 'First' || n, 'Last' || n, '[]', '[]', 'first' || n || ' last' || n, t, t from made`);
  await harness.rows(`
    insert into hiring.application (team_id, id, candidate_id, job_id, status, created_at, updated_at, closed_at)
    select team_id, gen_random_uuid(), id, ${job}, 'rejected', created_at, created_at, created_at
    from hiring.candidate where team_id = '${teamId}' and first_name like 'First%'`);
  await copies(harness, 'background_checks.background_check', `t.id = '${checkId}'`, checks, {
    id: 'gen_random_uuid()',
    application_id: 'gen_random_uuid()',
    created_at: `now() - n * interval '1 minute'`,
  });
  await copies(
    harness,
    'platform.audit_entry',
    `t.id = (select id from platform.audit_entry where team_id = '${teamId}' limit 1)`,
    entries,
    {
      id: 'gen_random_uuid()',
      at: `now() - n * interval '1 second'`,
    },
  );
  await harness.rows('analyze');
}

/** Adds orders of many other teams whose outcome is unknown: an unmatched case may belong to any of them. */
async function addUnknownOutcomes(harness: Harness, { teamId }: HarnessTeam, keyring: Keyring): Promise<void> {
  for (let n = 0; n < connectionsWaiting; n += 1) {
    const [team, connection] = [randomUUID(), randomUUID()];
    const sealed = keyring.seal(`secret-${n}`, `integrations.connection/${team}/${connection}/webhook_secret`);
    const columns = `region, environment, current, api_key, previous_webhook_secret, previous_accepted_until, version, created_at, updated_at`;
    const actionRequired = JSON.stringify({
      reason: 'key_refused',
      message: 'Certn is not called for it.',
      at: new Date(),
    });
    await harness.rows(
      `insert into integrations.connection (team_id, id, account_key, webhook_secret, attention, ${columns})
       select $1::uuid, $2::uuid, $2::uuid::text, jsonb_set(webhook_secret, '{sealed}', to_jsonb($3::text)), $5::jsonb, ${columns}
       from integrations.connection where team_id = $4 limit 1`,
      [team, connection, sealed, teamId, actionRequired],
    );
    await harness.rows(
      `insert into integrations.order (team_id, id, connection_id, account_key, package_id, email, email_canonical, state,
         attempt, reconcile_at, unknown_since)
       values ($1::uuid, gen_random_uuid(), $2::uuid, $2::uuid::text, 'p', 'a@canary.example', 'a@canary.example', 'in_doubt', 1, now() + interval '1 day', now())`,
      [team, connection],
    );
  }
}

async function copies(
  harness: Harness,
  table: string,
  where: string,
  count: number,
  changes: Record<string, string>,
): Promise<void> {
  const columns = await harness.rows<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [table],
  );
  const values = columns.map(({ name }) => changes[name] ?? `t.${name}`);
  await harness.rows(`
    insert into ${table} (${columns.map(({ name }) => name).join(', ')})
    select ${values.join(', ')} from ${table} t cross join generate_series(1, ${count}) n where ${where}`);
}
