import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { signInAddress } from '#kernel/email';
import type { Id } from '#kernel/id';
import { Database, violatedConstraint } from '#platform/database/database';
import { alreadyTaken, type UniqueField } from '../../domain/errors.js';
import { Teams, Users } from '../../domain/ports.js';
import type { Team } from '../../domain/team.js';
import { User } from '../../domain/user.js';

@Injectable()
export class PostgresTeams extends Teams {
  constructor(private readonly em: EntityManager) {
    super();
  }

  async add(team: Team): Promise<void> {
    await this.em.persist(team).flush();
  }
}

const uniqueFields: Record<string, UniqueField> = { sign_in_email: 'email', sign_in_external_id: 'external_id' };

@Injectable()
export class PostgresUsers extends Users {
  constructor(
    private readonly em: EntityManager,
    private readonly database: Database,
  ) {
    super();
  }

  async find(teamId: string, userId: Id): Promise<User | null> {
    return this.em.findOne(User, { teamId, id: userId });
  }

  async add(user: User): Promise<void> {
    await this.em.persist(user).flush();
    await this.updateDirectory(user);
  }

  async save(user: User): Promise<void> {
    await this.em.flush();
    await this.updateDirectory(user);
  }

  async unlinkCandidate(teamId: string, candidateId: Id): Promise<void> {
    await this.database.affected(sql`
      update access.user_account
      set linked_candidate_ids = array_remove(linked_candidate_ids, ${candidateId}::uuid), version = version + 1
      where team_id = ${teamId} and ${candidateId}::uuid = any(linked_candidate_ids)`);
  }

  /**
   * Updates the sign-in directory. A changed external id unbinds the entry: the next sign-in, with the new id or by address,
   * binds it again. Erased users are removed.
   */
  private async updateDirectory(user: User): Promise<void> {
    if (user.erasedAt) {
      await this.database.affected(sql`delete from access.sign_in where user_id = ${user.id}`);
      return;
    }
    try {
      await this.database.affected(sql`
        insert into access.sign_in as s (user_id, team_id, email, external_id)
        values (${user.id}, ${user.teamId}, ${signInAddress(user.email)}, ${user.externalId})
        on conflict (user_id) do update set email = excluded.email, external_id = excluded.external_id,
          issuer = case when s.external_id = excluded.external_id then s.issuer end`);
    } catch (error) {
      const field = uniqueFields[violatedConstraint(error) ?? ''];
      throw field ? alreadyTaken(field) : error;
    }
  }

  async lockTeam(teamId: string): Promise<void> {
    await this.database.rows(sql`select 1 from access.team where team_id = ${teamId} for update`);
  }

  async hasOtherAdmin(teamId: string, userId: string): Promise<boolean> {
    const other = await this.database.first(sql`
      select 1 from access.user_account
      where team_id = ${teamId} and id <> ${userId} and access_level = 'admin' and not disabled limit 1`);
    return other !== null;
  }
}
