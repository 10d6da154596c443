import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import type { ChangedCheck, CheckChanges, Cursor } from '../../views/check-changes.js';
import type { CheckPresenter } from '../../views/check-presenter.js';

export interface UpdateSource {
  changes: CheckChanges;
  presenter: CheckPresenter;
  teamId: string;
  /** Who stands behind the connection now; throws 401 once nobody does. */
  whoNow: () => Promise<Caller>;
}

/** One listener's stream of server-sent events. Everything is judged by the rights at the moment it is written. */
export class UpdateStream {
  private readonly gone = new AbortController();
  /** Versions found by the last read: what the next one finds again because reads overlap. */
  private known = new Map<string, number>();
  private reading = false;
  private readAgain = false;

  constructor(
    private readonly source: UpdateSource,
    private readonly out: ServerResponse,
    private cursor: Cursor,
  ) {
    out.once('close', () => this.gone.abort());
    // A listener that breaks off while it is written to: the close that follows says all there is to say.
    out.on('error', () => this.gone.abort());
    // It may have left while the request was looked at: then no close will come.
    if (out.destroyed) this.gone.abort();
  }

  get teamId(): string {
    return this.source.teamId;
  }

  get closed(): boolean {
    return this.gone.signal.aborted;
  }

  /** Called once, when either side closed it; at once when that has happened. */
  whenClosed(work: () => void): void {
    if (this.closed) work();
    else this.gone.signal.addEventListener('abort', work, { once: true });
  }

  /** Lets the listener resume from the very start, even when nothing arrives before the connection breaks. */
  greet(): void {
    if (!this.closed) this.out.write(`: listening\nid: ${this.cursor}\n\n`);
  }

  /** Sends what changed. Called on every hint and now and then; calls during a reading become one more reading. */
  async catchUp(): Promise<void> {
    this.readAgain = true;
    if (this.reading) return;
    this.reading = true;
    try {
      while (this.readAgain && !this.closed) {
        this.readAgain = false;
        await this.sendChanges();
      }
    } catch (error) {
      this.endIfNobody(error);
    } finally {
      this.reading = false;
    }
  }

  /** Keeps proxies from closing a quiet connection, and closes it to whoever lost the right to it. */
  async beat(): Promise<void> {
    try {
      await this.source.whoNow();
      if (!this.closed && !this.out.writableNeedDrain) this.out.write(': still here\n\n');
    } catch (error) {
      this.endIfNobody(error);
    }
  }

  end(): void {
    this.gone.abort();
    // Whoever does not read would never let the rest out, nor the process end.
    if (this.out.writableNeedDrain) this.out.destroy();
    else this.out.end();
  }

  private async sendChanges(): Promise<void> {
    const found = new Map<string, number>();
    let next = this.cursor;
    for await (const { checks, cursor } of this.source.changes.since(this.teamId, this.cursor)) {
      const news = checks.filter((check) => this.known.get(check.id) !== check.version);
      for (const check of checks) found.set(check.id, check.version);
      if (news.length > 0) await this.send(news, cursor);
      if (this.closed) return;
      next = cursor;
    }
    this.cursor = next;
    this.known = found;
  }

  private async send(checks: ChangedCheck[], cursor: Cursor): Promise<void> {
    const caller = await this.source.whoNow();
    const visible = checks.filter((check) => caller.sees(check.job_id) && !caller.isThemself(check.candidate_id));
    const answers = await this.source.presenter.present(visible, caller);
    for (const [i, { changed_xid }] of visible.entries()) {
      if (this.closed) return;
      // Whoever breaks off after this event resumes here: all that was saved before it has been sent.
      const id = BigInt(changed_xid) < BigInt(cursor) ? changed_xid : cursor;
      const data = JSON.stringify(answers[i]);
      const waited = await this.write(`event: background_check.status_changed\nid: ${id}\ndata: ${data}\n\n`);
      // Whoever reads slowly may have lost a right meanwhile: what is left is judged anew.
      if (waited && i + 1 < visible.length) return this.send(visible.slice(i + 1), cursor);
    }
  }

  /** Whether the listener had to be waited for. */
  private async write(text: string): Promise<boolean> {
    if (this.out.write(text) || this.closed) return false;
    await once(this.out, 'drain', { signal: this.gone.signal }).catch(() => undefined);
    return true;
  }

  /** Other failures (the database is away) pass: the next reading starts where this one did. */
  private endIfNobody(error: unknown): void {
    if (error instanceof DomainError && error.kind === 'unauthenticated') this.end();
  }
}
