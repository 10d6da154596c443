import { DomainError } from '#kernel/errors';
import type { UnitGuard } from '../database/unit-guard.js';
import type { Thing } from './versioned-part.js';
import type { Versions } from './versions.js';

/** Whether a version is one that the request accepts. */
export type Accepts = (version: string) => boolean;

/** The thing is not in the version that the request names (412). */
export const changedMeanwhile = (message: string, more: Record<string, string[]> = {}): DomainError =>
  new DomainError('stale', 'changed_meanwhile', message, { headers: { 'If-Match': [message], ...more } });

/**
 * Lets a request change a thing only while it is in a version that the request accepts. Each unit of work locks the thing before it
 * looks, so that of two requests that accept the same version one changes it. What the request's own units changed is accepted by the
 * units after them.
 */
export class VersionGuard implements UnitGuard {
  private changed: string | undefined;
  /** After the request's own last unit of work; undefined: there was none. */
  own: string | undefined;

  constructor(
    private readonly versions: Versions,
    private readonly thing: Thing,
    private readonly accepts: Accepts,
  ) {}

  /** Throws `changed_meanwhile` (412). Without a lock, this is only a hint. */
  async check(): Promise<void> {
    const version = await this.versions.of(this.thing);
    const accepted = this.own === undefined ? this.accepts(version) : version === this.own;
    if (!accepted) throw changedMeanwhile('This is not the version that you read. Read it again.');
  }

  async begin(): Promise<void> {
    await this.versions.lock(this.thing);
    await this.check();
  }

  async end(): Promise<void> {
    this.changed = await this.versions.of(this.thing);
  }

  committed(): void {
    this.own = this.changed;
  }
}
