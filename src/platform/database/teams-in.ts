import { type RawBuilder, sql } from 'kysely';

/** The distinct ids in a table's leading `team_id`, by one index lookup each. */
export const teamsIn = (table: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  (with recursive team(id) as (
     (select t.team_id from ${table} t order by t.team_id limit 1)
     union all
     select (select t.team_id from ${table} t where t.team_id > team.id order by t.team_id limit 1)
     from team where team.id is not null)
   select id from team where id is not null)`;
