import { Aggregate } from '#kernel/events';
import { ConnectionStateChanged } from '../contract.js';
import type { Environment, Region } from './screening-provider.js';

/** How long the previous webhook secret is still accepted after a change. */
export const secretOverlapMs = 24 * 3600 * 1000;

/** A sealed secret and what may be shown of it. */
export interface SealedSecret {
  sealed: string;
  last4: string;
  /** ISO 8601: kept as JSON, where a time is a text. */
  savedAt: string;
  savedBy: string;
}

/** Why the vendor turns our calls away: only a person can mend it. */
export interface Attention {
  reason: 'key_refused' | 'misdirected';
  message: string;
  at: string;
}

/**
 * A team's access to one vendor account. Another region, environment or account is another connection; orders name the one
 * they were placed with, which keeps its credentials until its last case ends. One connection of a team is current.
 */
export class Connection extends Aggregate {
  previousWebhookSecret: string | null = null;
  previousAcceptedUntil: Date | null = null;
  disabledAt: Date | null = null;
  attention: Attention | null = null;
  packagesFetchedAt: Date | null = null;
  version: number = 1;

  constructor(
    readonly teamId: string,
    readonly id: string,
    readonly region: Region,
    readonly environment: Environment,
    public apiKey: SealedSecret,
    public webhookSecret: SealedSecret,
    /** host + key fingerprint: who shares the vendor's budget and whose orders could be mistaken for each other. */
    public accountKey: string,
    readonly createdAt: Date,
    public updatedAt: Date,
    public current: boolean = true,
  ) {
    super();
  }

  /** The vendor's host, where case ids are unique. */
  get host(): string {
    return this.accountKey.split('#', 1)[0] ?? '';
  }

  get state(): 'enabled' | 'attention' | 'disabled' {
    if (this.disabledAt) return 'disabled';
    return this.attention ? 'attention' : 'enabled';
  }

  /** A key that the vendor just accepted: mends what needed attention and enables again. */
  replaceKey(key: SealedSecret, accountKey: string, now: Date): void {
    this.apiKey = key;
    this.accountKey = accountKey;
    this.enable(now);
  }

  /**
   * The previous secret stays accepted for a day, because the vendor's side changes at another moment; not one that is
   * damaged, which accepts nothing.
   */
  replaceWebhookSecret(secret: SealedSecret, now: Date, presentDamaged = false): void {
    this.previousWebhookSecret = presentDamaged ? null : this.webhookSecret.sealed;
    this.previousAcceptedUntil = new Date(now.getTime() + secretOverlapMs);
    this.webhookSecret = secret;
    this.updatedAt = now;
  }

  enable(now: Date): void {
    this.disabledAt = null;
    this.attention = null;
    this.updatedAt = now;
    this.record(new ConnectionStateChanged(this.teamId));
  }

  disable(now: Date): void {
    if (this.disabledAt) return;
    this.disabledAt = now;
    this.updatedAt = now;
    this.record(new ConnectionStateChanged(this.teamId));
  }

  /** The vendor refused the key or the way we call. Said once until it is mended. */
  needAttention(attention: Attention, now: Date): void {
    if (this.attention) return;
    this.attention = attention;
    this.updatedAt = now;
    this.record(new ConnectionStateChanged(this.teamId));
  }

  /** Another connection takes over; cases placed with this one are followed with it to their end. */
  retire(now: Date): void {
    this.current = false;
    this.updatedAt = now;
  }
}
