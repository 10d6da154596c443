import pg from 'pg';
import { idleInTransactionMs } from './connections.js';
import { longestStatementMs } from './lanes.js';

/** The transaction setting that controls whose rows its statements see. */
export const teamSetting = 'ats.team_id';
/** Holds the service's rights; its login roles are members of it. Owns nothing and cannot log in. */
export const serviceRole = 'ats_service';
/** Sees every team's rows. The service switches to it for one transaction, for the work listed in `scope.ts`. */
export const acrossTeamsRole = 'ats_across_teams';
/**
 * Stands between the service's login role and `ats_across_teams`. It inherits nothing: its members can switch to that role, but do
 * not have its rights before they switch. PostgreSQL 15 has no other way to express this.
 */
const acrossTeamsGate = 'ats_across_teams_gate';

/** A plan that fits any value fits no team well. */
const planForEachCall = 'plan_cache_mode=force_custom_plan';

const readAndWrite = 'select, insert, update, delete';
const readAndAdd = 'select, insert';

/** Rights on tables where plain reading and writing is not right. `schema.*`: the tables of a schema that are not named. */
const lesserGrants: Record<string, string> = {
  'platform.audit_entry': readAndAdd,
  'platform.audit_chain': readAndAdd,
  'platform.migration': 'select',
  // The queue's tables: what pg-boss does while it runs, as observed.
  'queue.job': readAndWrite,
  'queue.job_common': readAndWrite,
  'queue.job_dependency': 'select, insert, delete',
  'queue.queue': 'select, insert, update',
  'queue.instance': readAndWrite,
  'queue.version': 'select, update',
  'queue.warning': 'select, insert, delete',
  'queue.*': 'select',
};
const grantOn = ({ schema, name }: Relation): string =>
  lesserGrants[`${schema}.${name}`] ?? lesserGrants[`${schema}.*`] ?? readAndWrite;

const ofTheTeam = `(team_id = (NULLIF(current_setting('${teamSetting}'::text, true), ''::text))::uuid)`;
/** Policy, role, and the condition in the form in which Postgres prints it. */
const policies = [
  ['by_team', serviceRole, ofTheTeam],
  ['across_teams', acrossTeamsRole, 'true'],
] as const;

const leastVersion = 150_000;

interface Relation {
  schema: string;
  name: string;
  kind: 'r' | 'p' | 'v' | 'S';
  by_team: boolean;
  secured: boolean;
  invoker: boolean;
  policies: { name: string; condition: string }[] | null;
}

const relationsText = `
  select n.nspname as schema, c.relname as name, c.relkind as kind, c.relrowsecurity as secured,
         coalesce('security_invoker=true' = any(c.reloptions), false) as invoker,
         exists (select 1 from pg_attribute a
                 where a.attrelid = c.oid and a.attname = 'team_id' and not a.attisdropped) as by_team,
         (select json_agg(json_build_object('name', p.polname, 'condition', pg_get_expr(p.polqual, p.polrelid)))
          from pg_policy p where p.polrelid = c.oid) as policies
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any($1) and c.relkind in ('r', 'p', 'v', 'S')
    -- Partitions are reached through their table; but pg-boss names this one itself.
    and (not c.relispartition or (n.nspname, c.relname) = ('queue', 'job_common'))
  order by 1, 2`;

/**
 * Sets up the isolation between teams in the database: the roles, their rights, and row level security on every table with a
 * `team_id`. Reads the catalogue, so that it also finds later tables. Idempotent. `client` is connected as the owner.
 */
export async function putUpWall(client: pg.Client, schemas: string[], serviceUrl: string | null): Promise<void> {
  await client.query('begin');
  try {
    await client.query(`select pg_advisory_xact_lock(hashtextextended('wall', 0))`);
    await makeRoles(client);
    for (const schema of schemas) await grantSchema(client, schema);
    const { rows } = await client.query<Relation>(relationsText, [schemas]);
    for (const relation of rows) await secure(client, relation);
    if (serviceUrl !== null) await admitService(client, new URL(serviceUrl));
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function makeRoles(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  );
  if ((rows[0]?.version ?? 0) < leastVersion) throw new Error('PostgreSQL 15 or newer is needed.');
  for (const [role, inherits] of [
    [serviceRole, 'inherit'],
    [acrossTeamsRole, 'inherit'],
    [acrossTeamsGate, 'noinherit'],
  ] as const) {
    // Roles belong to the whole server: the migration of another database may create them at the same time.
    await client.query(`
      do $$ begin
        if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin ${inherits}; end if;
      exception when duplicate_object or unique_violation then null;
      end $$`);
  }
  await admit(client, acrossTeamsRole, acrossTeamsGate);
  const { rows: own } = await client.query<{ name: string }>('select current_user as name');
  if (own[0]) await mayTakeOn(client, own[0].name);
}

async function grantSchema(client: pg.Client, schema: string): Promise<void> {
  const roles = `${serviceRole}, ${acrossTeamsRole}`;
  const name = pg.escapeIdentifier(schema);
  await client.query(`revoke all on all tables in schema ${name} from ${roles}`);
  await client.query(`revoke all on schema ${name} from ${roles}`);
  await client.query(`grant usage on schema ${name} to ${roles}`);
}

async function secure(client: pg.Client, relation: Relation): Promise<void> {
  const { schema, name, kind, by_team: byTeam, secured, invoker } = relation;
  const place = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
  const roles = `${serviceRole}, ${acrossTeamsRole}`;
  if (kind === 'S') return void (await client.query(`grant usage on sequence ${place} to ${roles}`));
  if (kind === 'v') {
    await client.query(`grant select on ${place} to ${roles}`);
    // Otherwise a view reads with its owner's rights and shows every team's rows.
    if (!invoker) await client.query(`alter view ${place} set (security_invoker = true)`);
    return;
  }
  await client.query(`grant ${grantOn(relation)} on ${place} to ${roles}`);
  if (!byTeam) return;
  if (!secured) await client.query(`alter table ${place} enable row level security`);
  for (const [policy, role, condition] of policies) {
    const present = relation.policies?.find((one) => one.name === policy);
    if (present?.condition === condition) continue;
    if (present) await client.query(`drop policy ${policy} on ${place}`);
    await client.query(`create policy ${policy} on ${place} to ${role} using (${condition}) with check (${condition})`);
  }
}

/** Creates the service's login role if it is missing, and grants it the service's rights. */
async function admitService(client: pg.Client, { username, password }: URL): Promise<void> {
  const login = decodeURIComponent(username);
  const role = pg.escapeIdentifier(login);
  const { rows } = await client.query<{ own: boolean; there: boolean; plans: boolean; admitted: boolean }>(
    `select current_user = $1 as own, exists (select from pg_roles where rolname = $1) as there,
            exists (select from pg_roles where rolname = $1 and '${planForEachCall}' = any(rolconfig)) as plans,
            exists (select from pg_auth_members m where m.roleid = to_regrole('${serviceRole}')
                    and m.member = to_regrole(quote_ident($1))) as admitted`,
    [login],
  );
  const [found] = rows;
  if (!found || found.own) return;
  if (!found.there) {
    await client.query(`create role ${role} login password ${pg.escapeLiteral(decodeURIComponent(password))}`);
    // The service sets these itself, but a pooler in between may drop them.
    await client.query(`alter role ${role} set statement_timeout = ${longestStatementMs}`);
    await client.query(`alter role ${role} set idle_in_transaction_session_timeout = ${idleInTransactionMs}`);
  }
  // Not every role that exists may be changed, and another database's migration may change it at this moment. The service asks
  // for it with each connection, too.
  if (!found.plans)
    await client.query(`
      do $$ begin alter role ${role} set ${planForEachCall};
      exception when insufficient_privilege or internal_error then null;
      end $$`);
  if (!found.admitted) await client.query(`grant ${serviceRole} to ${role}`);
  await mayTakeOn(client, login);
}

/** The right to read across teams is switched to for one transaction and never inherited: an inherited right would always apply. */
const mayTakeOn = (client: pg.Client, role: string): Promise<void> => admit(client, acrossTeamsGate, role);

/** Makes `member` a member of `role`. From PostgreSQL 16 on, the creator of a role is a member that cannot switch to it. */
async function admit(client: pg.Client, role: string, member: string): Promise<void> {
  const { rows } = await client.query(
    `select 1 from pg_auth_members m where m.roleid = to_regrole($1) and m.member = to_regrole(quote_ident($2))
     and (to_jsonb(m)->>'set_option')::boolean is not false`,
    [role, member],
  );
  if (rows.length === 0) await client.query(`grant ${role} to ${pg.escapeIdentifier(member)}`);
}
