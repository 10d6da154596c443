import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { type CancelProgress, Cancelling } from '../../domain/ports.js';

@Injectable()
export class PostgresCancelling extends Cancelling {
  constructor(private readonly database: Database) {
    super();
  }

  async due(teamId: string, checkId: string): Promise<CancelProgress | null> {
    return this.database.first(sql<CancelProgress>`
      select cancel_asked as asked, cancel_accepted as accepted from background_checks.background_check
      where team_id = ${teamId} and id = ${checkId} and coalesce(cancel_due_at, '-infinity') <= now() + interval '1 second'
      for update`);
  }

  async plan(teamId: string, checkId: string, { asked, accepted }: CancelProgress, inSeconds: number): Promise<void> {
    await this.database.affected(sql`
      update background_checks.background_check
      set cancel_asked = ${asked}, cancel_accepted = ${accepted},
          cancel_due_at = now() + ${inSeconds}::float8 * interval '1 second'
      where team_id = ${teamId} and id = ${checkId}`);
  }

  async noteAccepted(teamId: string, checkId: string): Promise<void> {
    await this.database.affected(sql`
      update background_checks.background_check set cancel_accepted = true
      where team_id = ${teamId} and id = ${checkId}`);
  }
}
