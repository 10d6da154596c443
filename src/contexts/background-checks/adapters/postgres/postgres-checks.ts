import { EntityManager, OptimisticLockError } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { notFound } from '#kernel/errors';
import { type Id, readId } from '#kernel/id';
import { Database, violatedConstraint } from '#platform/database/database';
import { Notifications } from '#platform/events/notifications';
import type { BackgroundCheck } from '../../domain/background-check.js';
import { changedMeanwhile } from '../../domain/errors.js';
import { Checks, SlotTaken } from '../../domain/ports.js';
import { checkSchema } from './check.schema.js';

/** The channel for saved checks. Notifications arrive after the commit, in the order of commits: `<team's id>/<check's id>`. */
export const savedChannel = 'background_check_saved';
/** The channel of releases before 0.6. Its payload is the team's id alone. 0.8 may drop it. */
export const changedChannel = 'background_check_changed';

@Injectable()
export class PostgresChecks extends Checks {
  constructor(
    private readonly em: EntityManager,
    private readonly database: Database,
    private readonly notifications: Notifications,
  ) {
    super();
  }

  async get(teamId: string, id: string): Promise<BackgroundCheck> {
    const named = readId(id);
    const check = named && (await this.em.findOne(checkSchema, { teamId, id: named }));
    if (!check) throw notFound();
    return check;
  }

  async holderOfSlot(teamId: string, applicationId: Id, itemId: Id): Promise<string | null> {
    const holder = await this.database.first<{ id: string }>(sql`
      select id from background_checks.background_check
      where team_id = ${teamId} and application_id = ${applicationId} and job_stage_item_id = ${itemId} and holds_slot`);
    return holder?.id ?? null;
  }

  async idsOfCandidate(teamId: string, candidateId: Id): Promise<string[]> {
    const rows = await this.database.rows<{ id: string }>(sql`
      select id from background_checks.background_check where team_id = ${teamId} and candidate_id = ${candidateId}`);
    return rows.map(({ id }) => id);
  }

  async idsWithoutCase(teamId: string, applicationId: Id): Promise<string[]> {
    const rows = await this.database.rows<{ id: Id }>(sql`
      select id from background_checks.background_check
      where team_id = ${teamId} and application_id = ${applicationId} and holds_slot and case_id is null`);
    return rows.map(({ id }) => id);
  }

  async add(check: BackgroundCheck): Promise<void> {
    this.em.persist(check);
    await this.save(check);
  }

  async save(check: BackgroundCheck): Promise<void> {
    try {
      await this.em.flush();
    } catch (error) {
      if (error instanceof OptimisticLockError) throw changedMeanwhile();
      if (violatedConstraint(error) === 'background_check_slot') throw new SlotTaken();
      if (violatedConstraint(error) === 'background_check_successor') throw changedMeanwhile();
      throw error;
    }
    await this.appendHistory(check);
    await this.notifications.notify(savedChannel, `${check.teamId}/${check.id}`);
  }

  async emptyHistory({ teamId, id, settledAt }: BackgroundCheck): Promise<void> {
    await this.database.affected(sql`
      update background_checks.history_entry
      set "from" = null, "to" = null,
          emptied_at = case when ${settledAt !== null} then coalesce(emptied_at, now()) else emptied_at end
      where team_id = ${teamId} and check_id = ${id} and (kind = 'result_changed' or ${settledAt !== null})
        and ("from" is not null or "to" is not null or (${settledAt !== null} and emptied_at is null))`);
  }

  private async appendHistory(check: BackgroundCheck): Promise<void> {
    for (const { revision, at, kind, from, to, by, source } of check.releaseHistory()) {
      // Rows name the vendor itself, as older releases do.
      const author = source === 'vendor' ? check.vendor : source;
      await this.database.affected(sql`
        insert into background_checks.history_entry
          (team_id, check_id, revision, at, kind, "from", "to", by_user_id, source)
        values (${check.teamId}, ${check.id}, ${revision}, ${at}, ${kind}, ${from}, ${to}, ${by}, ${author})`);
    }
  }
}
