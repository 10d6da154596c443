import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import { anyIdOf, anyOf, timesWithin, type TimeFilters } from '#platform/database/filters';
import { type Order, pageOf } from '#platform/database/list';
import { isoTime } from '#platform/database/times';
import type { Page, Paging } from '#platform/http/paging';

export const inboundEventOutcomes = ['applied', 'unchanged', 'duplicate', 'not_ours', 'failed'] as const;
export type InboundEventOutcome = (typeof inboundEventOutcomes)[number];

export interface ShownInboundEvent {
  id: string;
  event_id: string | null;
  event_type: string;
  case_id: string;
  received_at: string;
  /** Null while the case is being read. */
  outcome: InboundEventOutcome | null;
  failure: string | null;
  background_check_id: string;
}

export interface InboundEventFilters extends TimeFilters {
  outcome?: string[];
  case_id?: string[];
  background_check_id?: Id[];
}

/** Their ids sort by time. */
const newestFirst: Order = { keys: [{ column: 'd.id', type: 'id' }], direction: 'desc' };

/** The inbound events, newest first. All repetitions of an event share one additional line. */
@Injectable()
export class InboundEventsView {
  constructor(private readonly database: Database) {}

  /** The events of one vendor. Those of a connection that is deleted do not name theirs any more, and are in every list. */
  async list(
    teamId: string,
    vendor: string,
    hiddenOrders: string[],
    filters: InboundEventFilters & Paging,
  ): Promise<Page<ShownInboundEvent>> {
    const ofVendor = sql`not exists (
      select from integrations.connection c where c.team_id = e.team_id and c.id = e.connection_id and c.vendor <> ${vendor})`;
    // The time of a line never changes, so it serves as both times that a list can be filtered by.
    const found = sql`
      from (
        select id, event_id, event_type, case_id, received_at, outcome, failure, order_id as background_check_id,
               received_at as created_at, received_at as updated_at
        from integrations.inbound_event e where team_id = ${teamId} and ${ofVendor}
        union all
        select repeat_id, event_id, event_type, case_id, repeated_at, 'duplicate',
               case when conflicts > 0 then 'The event arrived again with other contents. The first ones count.' end, order_id,
               repeated_at, repeated_at
        from integrations.inbound_event e where team_id = ${teamId} and repeat_id is not null and ${ofVendor}) d
      where d.background_check_id <> all(${hiddenOrders}::uuid[]) ${timesWithin('d', filters)}
        ${anyOf('d.outcome', filters.outcome)} ${anyOf('d.case_id', filters.case_id)}
        ${anyIdOf('d.background_check_id', filters.background_check_id)}`;
    const columns = sql`
      d.id, d.event_id, d.event_type, d.case_id, d.received_at, d.outcome, d.failure, d.background_check_id`;
    const shown = (row: ShownInboundEvent): ShownInboundEvent => ({ ...row, received_at: isoTime(row.received_at) });
    return pageOf(this.database, filters, { columns, found, order: newestFirst, shown });
  }
}
