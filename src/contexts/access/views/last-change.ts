import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Caller } from '#kernel/caller';
import { Database } from '#platform/database/database';
import { type LastChange, LastChanges } from '#platform/versions/last-changes';
import type { ChangeEntries } from '#platform/versions/versioned-part';

interface Row {
  at: Date | string;
  id: string | null;
  name: string | null;
}

/** The newest entry of the audit log that tells of a change. Nothing else of the entry is read. */
@Injectable()
export class LastChangeView extends LastChanges {
  constructor(private readonly database: Database) {
    super();
  }

  async of({ teamId }: Caller, entries: readonly ChangeEntries[]): Promise<LastChange | null> {
    const told = entries.flatMap(({ entityId, actions }) => actions.map((action) => ({ entity_id: entityId, action })));
    const row = await this.database.first(sql<Row>`
      select e.at, e.actor_id as id, u.name
      from platform.audit_entry e
      left join access.pub_user u on u.team_id = e.team_id and u.id = e.actor_id
      where e.team_id = ${teamId} and e.outcome = 'done' and (e.entity_id, e.action) in (
        select t.entity_id, t.action from json_to_recordset(${JSON.stringify(told)}::json) as t (entity_id text, action text))
      order by e.at desc, e.id desc limit 1`);
    if (!row) return null;
    const by = row.id === null ? null : { id: row.id, name: row.name };
    return { at: new Date(row.at), by };
  }
}
