import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, Audit, type AuditEntry } from '#kernel/ports';
import { Database } from '../database/database.js';

@Injectable()
export class PostgresAudit extends Audit {
  constructor(private readonly database: Database) {
    super();
  }

  async record(actor: Actor, entry: AuditEntry): Promise<void> {
    await this.database.affected(sql`
      insert into platform.audit_entry (team_id, id, at, actor_id, action, entity, entity_id, outcome, before, after, ip, candidate_id)
      values (${actor.teamId}, ${uuidv7()}, now(), ${actor.user?.id ?? null}, ${entry.action}, ${entry.entity},
              ${entry.entityId}, ${entry.outcome ?? 'done'}, ${JSON.stringify(entry.from ?? {})}::jsonb,
              ${JSON.stringify(entry.to ?? {})}::jsonb, ${actor.ip},
              ${entry.withheldFrom ?? null})`);
  }
}
