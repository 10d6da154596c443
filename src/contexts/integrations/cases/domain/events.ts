import type { ScheduledTaskKind } from './scheduled-tasks.js';

/** Events internal to this room: a case is to be read later, or a scheduled task is due. */

/** A case is to be read again later. Coalesced per `again`, so a distant read does not replace a near one. */
export class CaseToReread {
  static readonly wireName = 'integrations.case-to-reread.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
    readonly again: number,
  ) {}
}

/** A case is to be read soon rather than now, because calls are scarce. Coalesced, because it is always near. */
export class CaseToReadSoon {
  static readonly wireName = 'integrations.case-to-read-soon.v1';
  constructor(
    readonly teamId: string,
    readonly orderId: string,
    readonly again: number,
    /** ISO 8601. A read that began later than this makes this one unnecessary. */
    readonly unlessReadSince: string,
  ) {}
}

/** A step of a scheduled task is due. */
export class TaskDue {
  static readonly wireName = 'integrations.task-due.v1';
  constructor(
    readonly teamId: string,
    readonly connectionId: string,
    readonly kind: ScheduledTaskKind,
  ) {}
}
