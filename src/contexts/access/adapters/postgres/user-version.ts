import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type Thing, VersionedRow } from '#platform/versions/versioned-part';

/** Changes of users lock the team first, because they look for its other admins. */
@Injectable()
export class UserVersion extends VersionedRow {
  readonly subject = 'user';
  protected readonly table = 'access.user_account';
  protected readonly actions = ['user.create', 'user.update', 'user.erase'];

  override async lock(user: Thing): Promise<void> {
    await this.database.rows(sql`select 1 from access.team where team_id = ${user.teamId} for update`);
    await super.lock(user);
  }
}
