import pg from 'pg';
import { acrossTeamsRole, serviceRole } from './wall.js';

interface RoleStatus {
  name: string;
  unbound: boolean;
  owns: boolean;
  served: boolean;
  across: 'cannot' | 'may' | 'always';
}

const statusQuery = `
  select r.rolname as name, r.rolsuper or r.rolbypassrls as unbound,
         exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where c.relkind in ('r', 'p') and n.nspname = any($1) and pg_has_role(r.oid, c.relowner, 'usage')) as owns,
         to_regrole($2) is not null and pg_has_role(r.oid, to_regrole($2)::oid, 'usage') as served,
         case when to_regrole($3) is null or not pg_has_role(r.oid, to_regrole($3)::oid, 'member') then 'cannot'
              when pg_has_role(r.oid, to_regrole($3)::oid, 'usage') then 'always' else 'may' end as across
  from pg_roles r where r.rolname = current_user`;

/**
 * Why the service cannot work as the role of this address, in one sentence that says what to do; null: it can. In production this
 * also refuses a role that bypasses the isolation between teams.
 */
export async function roleFault(databaseUrl: string, schemas: string[], production: boolean): Promise<string | null> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rows } = await client.query<RoleStatus>(statusQuery, [schemas, serviceRole, acrossTeamsRole]);
    return rows[0] ? faultOf(rows[0], production) : null;
  } finally {
    await client.end();
  }
}

function faultOf({ name, unbound, owns, served, across }: RoleStatus, production: boolean): string | null {
  if ((!served && !owns) || across === 'cannot')
    return `The role "${name}" at DATABASE_URL may not do the service's work: run "npm run migrate" with the owner's address in MIGRATION_DATABASE_URL.`;
  if (!production) return null;
  const why = unbound ? 'is bound by no row level security' : owns ? 'owns the tables' : 'always sees all teams';
  if (!unbound && !owns && across === 'may') return null;
  return `The role "${name}" at DATABASE_URL ${why}, so nothing in the database keeps teams apart: give the service a role of its own and the owner's address to "npm run migrate" as MIGRATION_DATABASE_URL.`;
}
