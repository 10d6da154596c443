import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { ImportPlaces } from '../../domain/import-places.js';
import { importsPerTeam } from '../../domain/limits.js';

/** A row for each place, with the time until which it is held. The places of a dead replica become free when that time passes. */
@Injectable()
export class PostgresImportPlaces extends ImportPlaces {
  constructor(private readonly database: Database) {
    super();
  }

  async take(teamId: string, importId: string): Promise<boolean> {
    for (let place = 1; place <= importsPerTeam; place += 1) {
      const taken = await this.database.affected(sql`
        insert into interview_planning.import_place as p (team_id, place, import_id, held_until)
        values (${teamId}, ${place}, ${importId}, now() + interval '1 minute')
        on conflict (team_id, place) do update set import_id = excluded.import_id, held_until = excluded.held_until
        where p.held_until < now()`);
      if (taken > 0) return true;
    }
    return false;
  }

  async keep(teamId: string, importId: string): Promise<void> {
    await this.database.affected(sql`
      update interview_planning.import_place set held_until = now() + interval '1 minute'
      where team_id = ${teamId} and import_id = ${importId}`);
  }

  async leave(teamId: string, importId: string): Promise<void> {
    await this.database.affected(sql`
      delete from interview_planning.import_place where team_id = ${teamId} and import_id = ${importId}`);
  }
}
