import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type Thing, VersionedRow } from '#platform/versions/versioned-part';

/** Changes of users lock the team first, because they look for its other admins. */
@Injectable()
class UserVersion extends VersionedRow {
  readonly subject = 'user';
  protected readonly table = 'access.user_account';
  protected readonly actions = ['user.create', 'user.update', 'user.erase'];

  override async lock(user: Thing): Promise<void> {
    await this.database.rows(sql`select 1 from access.team where team_id = ${user.teamId} for update`);
    await super.lock(user);
  }
}

/** What an admin set. The account's use writes to the row, too; keys come and go by themselves. */
@Injectable()
class ServiceAccountVersion extends VersionedRow {
  readonly subject = 'service_account';
  protected readonly table = 'access.service_account';
  protected readonly actions = ['service_account.create', 'service_account.update'];

  override state({ teamId, key }: Thing): Promise<unknown> {
    return this.database.first(sql`
      select name, access_level, scopes, client_issuer, client_id, disabled, updated_at::text, version
      from access.service_account where team_id = ${teamId} and id = ${key} and deleted_at is null`);
  }
}

export const accessVersions = [UserVersion, ServiceAccountVersion];
