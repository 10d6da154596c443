import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';

export interface SignInChoice {
  id: string;
  name: string;
  email: string;
  access_level: string;
  team: { id: string; name: string };
}

/** The users of every team, for the sign-in page of a local run. It reads across teams, so it is offered nowhere else. */
@Injectable()
export class SignInChoicesView {
  constructor(private readonly database: Database) {}

  async all(): Promise<SignInChoice[]> {
    return acrossTeams('sign-in', () =>
      this.database.rows(sql<SignInChoice>`
      select u.id, u.name, u.email, u.access_level, json_build_object('id', t.team_id, 'name', t.name) as team
      from access.user_account u join access.team t on t.team_id = u.team_id
      where not u.disabled
      order by t.created_at, t.team_id, u.created_at, u.id`),
    );
  }
}
