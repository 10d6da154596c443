import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import { anyOf } from '#platform/database/filters';
import { pageOf, sorted } from '#platform/database/list';
import { isoTime } from '#platform/database/times';
import type { Page, Paging } from '#platform/http/paging';
import type { EventType } from '../contract.js';

export const attemptStatuses = ['pending', 'succeeded', 'failed'] as const;
export type AttemptStatus = (typeof attemptStatuses)[number];

export interface ShownAttempt {
  id: string;
  event_id: string;
  type: EventType;
  at: string;
  status: AttemptStatus;
  http_status: number | null;
  duration_ms: number | null;
  error: string | null;
  next_try_at: string | null;
}

/** What was sent to an endpoint, newest first. */
@Injectable()
export class AttemptsView {
  constructor(private readonly database: Database) {}

  list(teamId: string, endpointId: Id, filters: Paging & { status?: AttemptStatus[] }): Promise<Page<ShownAttempt>> {
    return pageOf(this.database, filters, {
      columns: sql`a.id, a.event_id, a.type, a.at, a.status, a.http_status, a.duration_ms, a.error, a.next_try_at`,
      found: sql`
        from webhook_endpoints.attempt a
        where a.team_id = ${teamId} and a.endpoint_id = ${endpointId} ${anyOf('a.status', filters.status)}`,
      order: sorted('desc', 'a.at', 'a.id'),
      shown: (row: ShownAttempt): ShownAttempt => ({
        ...row,
        at: isoTime(row.at),
        next_try_at: isoTime(row.next_try_at),
      }),
    });
  }
}
