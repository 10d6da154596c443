import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel/ports';
import type { Connection } from '../../domain/connection.js';
import { keyDaysLeft, keyWarningDays } from '../../key-life.js';

type Watched = Pick<Connection, 'teamId' | 'id' | 'apiKey' | 'current' | 'state'>;

/** Says once a day that an API key is about to end. The admin sees it in the console, the operator in the figures. */
@Injectable()
export class KeyAgeAlarm {
  private readonly log = new Logger('connections');
  /** The day on which this process said so last, by connection. */
  private readonly said = new Map<string, string>();

  constructor(private readonly clock: Clock) {}

  check({ teamId, id: connectionId, apiKey, current, state }: Watched): void {
    const now = this.clock.now();
    const daysLeft = keyDaysLeft(apiKey.savedAt, now);
    if (daysLeft > keyWarningDays || !current || state === 'disabled') return;
    const today = now.toISOString().slice(0, 10);
    if (this.said.get(connectionId) === today) return;
    this.said.set(connectionId, today);
    this.log.warn({ teamId, connectionId, daysLeft }, 'an API key ends soon: an admin should save a new one');
  }
}
