import { Aggregate } from '#kernel/events';
import { ConnectionStateChanged } from '../../contract.js';
import type { Environment } from '../../gateway/domain/vendor-terms.js';

/** How long the previous webhook secret stays valid after a change. */
export const secretOverlapMs = 24 * 3600 * 1000;

/** A sealed secret and the parts that may be shown. */
export interface SealedSecret {
  sealed: string;
  last4: string;
  /** ISO 8601, because it is stored as JSON. */
  savedAt: string;
  savedBy: string;
}

/** Why the vendor rejects our calls. Only a person can fix it. */
export interface RequiredAction {
  reason: 'key_refused' | 'misdirected';
  message: string;
  at: string;
}

/**
 * A team's access to one vendor account. Another region, environment or account is another connection. An order names the
 * connection it was placed with, and that connection keeps its credentials until its last case ends. A team has one current
 * connection to each vendor.
 */
export class Connection extends Aggregate {
  previousWebhookSecret: string | null = null;
  previousAcceptedUntil: Date | null = null;
  disabledAt: Date | null = null;
  attention: RequiredAction | null = null;
  packagesFetchedAt: Date | null = null;
  version: number = 1;

  constructor(
    readonly teamId: string,
    readonly id: string,
    /** The vendor's id. */
    readonly vendor: string,
    readonly region: string,
    readonly environment: Environment,
    public apiKey: SealedSecret,
    public webhookSecret: SealedSecret,
    /** Host and key fingerprint. Two vendors never have the same. Connections with the same account key share the vendor's rate budget and its list of orders. */
    public accountKey: string,
    readonly createdAt: Date,
    public updatedAt: Date,
    public current: boolean = true,
  ) {
    super();
  }

  /** The vendor's host. Case ids are unique per host. */
  get host(): string {
    return this.accountKey.split('#', 1)[0] ?? '';
  }

  get state(): 'enabled' | 'action_required' | 'disabled' {
    if (this.disabledAt) return 'disabled';
    return this.attention ? 'action_required' : 'enabled';
  }

  /** Saves a key that the vendor has just accepted. Clears the required action and enables the connection. */
  replaceKey(key: SealedSecret, accountKey: string, now: Date): void {
    this.apiKey = key;
    this.accountKey = accountKey;
    this.enable(now);
  }

  /**
   * Keeps the previous secret valid for a day, because the secret changes at the vendor at a different moment. A damaged secret
   * is not kept: it cannot verify anything.
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

  /** The vendor refused the key or the way we call. Records one event until the connection is fixed. */
  requireAction(attention: RequiredAction, now: Date): void {
    if (this.attention) return;
    this.attention = attention;
    this.updatedAt = now;
    this.record(new ConnectionStateChanged(this.teamId));
  }

  /** Another connection becomes current. Cases placed with this one keep using it until they end. */
  retire(now: Date): void {
    this.current = false;
    this.updatedAt = now;
  }
}
