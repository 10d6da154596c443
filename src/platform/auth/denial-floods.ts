import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { Audit, type AuditEntry } from '#kernel/ports';
import { asTeam } from '../database/scope.js';

/** How many denied attempts of a person are entries of their own in a minute; the rest of the minute becomes one entry. */
const oneByOne = 60;
const minuteMs = 60_000;

/** One person's attempts since the first of them. The count starts again after a minute. */
interface Minute {
  caller: Caller;
  since: Date;
  attempts: number;
  /** Attempts beyond `oneByOne`, by route. */
  summed: Record<string, number>;
  end: NodeJS.Timeout;
}

/**
 * Counts denied attempts by person, so that one user cannot fill the audit log. Attempts beyond the limit of a minute become one
 * entry at the end of that minute, or when the replica stops. Only a crash within that minute loses the count.
 */
@Injectable()
export class DenialFloods implements OnApplicationShutdown {
  private readonly log = new Logger('audit');
  private readonly minutes = new Map<string, Minute>();

  constructor(private readonly audit: Audit) {}

  /** Counts an attempt. Returns whether it goes into the summary instead of an entry of its own. */
  isSummed(caller: Caller, route: string): boolean {
    const minute = this.minutes.get(caller.user.id) ?? this.begin(caller);
    minute.attempts += 1;
    if (minute.attempts <= oneByOne) return false;
    minute.caller = caller;
    minute.summed[route] = (minute.summed[route] ?? 0) + 1;
    return true;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.minutes.keys()].map((userId) => this.sumUp(userId)));
  }

  private begin(caller: Caller): Minute {
    const end = setTimeout(() => void this.sumUp(caller.user.id), minuteMs).unref();
    const minute: Minute = { caller, since: new Date(), attempts: 0, summed: {}, end };
    this.minutes.set(caller.user.id, minute);
    return minute;
  }

  private async sumUp(userId: string): Promise<void> {
    const minute = this.minutes.get(userId);
    if (!minute) return;
    clearTimeout(minute.end);
    this.minutes.delete(userId);
    const { caller, since, summed } = minute;
    const attempts = Object.values(summed).reduce((sum, count) => sum + count, 0);
    if (attempts === 0) return;
    const entry: AuditEntry = {
      action: 'access.attempt',
      entity: 'team',
      entityId: caller.teamId,
      outcome: 'refused',
      to: { reason: 'too_many_attempts', attempts, routes: summed, since: since.toISOString() },
    };
    await asTeam(caller.teamId, () => this.audit.record(caller, entry)).catch((error: Error) => {
      this.log.error(
        { teamId: caller.teamId, userId, attempts },
        `denied attempts were not recorded: ${error.message}`,
      );
    });
  }
}
