import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel/ports';
import type { Connection } from '../domain/connection.js';
import { keyWarningDays, VendorFacts } from '../vendor-facts.js';

type Watched = Pick<Connection, 'teamId' | 'id' | 'vendor' | 'apiKey' | 'current' | 'state'>;

/** Logs once a day that an API key is about to expire. Admins also see it in the console, operators in the metrics. */
@Injectable()
export class KeyAgeAlarm {
  private readonly log = new Logger('connections');
  /** The day of this process's last warning, by connection id. */
  private readonly warnedOn = new Map<string, string>();

  constructor(
    private readonly clock: Clock,
    private readonly facts: VendorFacts,
  ) {}

  check({ teamId, id: connectionId, vendor, apiKey, current, state }: Watched): void {
    const now = this.clock.now();
    const daysLeft = this.facts.keyDaysLeft(vendor, apiKey.savedAt, now);
    if (daysLeft === null || daysLeft > keyWarningDays || !current || state === 'disabled') return;
    const today = now.toISOString().slice(0, 10);
    if (this.warnedOn.get(connectionId) === today) return;
    this.warnedOn.set(connectionId, today);
    this.log.warn({ teamId, connectionId, daysLeft }, 'an API key expires soon: an admin should save a new one');
  }
}
