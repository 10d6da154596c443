import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import type { CheckAnswer, CheckRow } from '../../views/check-answer.js';
import type { VendorsNow } from '../../views/check-presenter.js';

/** A check in its present state. A client that resumes with `eventId` receives what changed later. */
export type ChangedCheck = CheckRow & { eventId: string };

/** Changed checks, read once for every listener of a team; oldest change first. */
export interface Changes {
  checks: ChangedCheck[];
  /** The available action "resend" depends on the vendors that the team can send checks to. */
  vendors: VendorsNow;
}

export interface Listener {
  teamId: string;
  userId: string;
  /** The caller behind the connection, with their present rights. Throws 401 once the sign-in has ended. */
  currentCaller: () => Promise<Caller>;
  present: (check: ChangedCheck, caller: Caller, vendors: VendorsNow) => CheckAnswer;
}

type Waiting = Pick<Changes, 'vendors'> & { check: ChangedCheck };

/** A listener that reads nothing for this long is disconnected. It can connect again and resume. */
const slowMs = 10_000;
/** A listener with more unsent changes than this is disconnected. */
const mostUnsent = 1_000;

/** One listener's stream of server-sent events. Rights are checked at the moment of writing. */
export class UpdateStream {
  private readonly gone = new AbortController();
  private waiting: Waiting[] = [];
  /** Whether the listener has been sent what they missed. Later changes wait for that. */
  private begun = false;
  private sending = false;

  constructor(
    private readonly listener: Listener,
    private readonly out: ServerResponse,
    private readonly patienceMs = slowMs,
  ) {
    out.once('close', () => this.gone.abort());
    // The listener broke off during a write. A close event follows; without a handler the error would be uncaught.
    out.on('error', () => this.gone.abort());
    // The client may have left while the request was handled. Then no close event follows.
    if (out.destroyed) this.gone.abort();
  }

  get teamId(): string {
    return this.listener.teamId;
  }

  get userId(): string {
    return this.listener.userId;
  }

  get closed(): boolean {
    return this.gone.signal.aborted;
  }

  /** Calls `work` once, when either side closes the stream; at once when it is closed already. */
  whenClosed(work: () => void): void {
    if (this.closed) work();
    else this.gone.signal.addEventListener('abort', work, { once: true });
  }

  /** Gives the listener an id to resume from before the first change arrives; null: they keep the id they have. */
  greet(eventId: string | null): void {
    const id = eventId === null ? '' : `id: ${eventId}\n`;
    if (!this.closed) this.out.write(`: listening\n${id}\n`);
  }

  /** Sends what the listener missed, before anything else. */
  begin({ checks, vendors }: Changes): void {
    this.waiting.unshift(...checks.map((check) => ({ check, vendors })));
    this.begun = true;
    void this.sendAll();
  }

  /** Queues the changes. What the listener may not see is left out when it is written. */
  take({ checks, vendors }: Changes): void {
    if (this.closed) return;
    for (const check of checks) this.waiting.push({ check, vendors });
    if (this.waiting.length > mostUnsent) this.drop();
    else void this.sendAll();
  }

  /** Too much changed, or it is unknown what changed. The listener reads their lists again and receives later changes as usual. */
  reset(eventId: string): void {
    this.waiting = [];
    this.begun = true;
    if (this.closed) return;
    if (this.out.writableNeedDrain) this.drop();
    else this.out.write(`event: reset\nid: ${eventId}\ndata: {}\n\n`);
  }

  /** Keeps proxies from closing a quiet connection, and closes it when the listener has lost the right to it. */
  async beat(): Promise<void> {
    if (this.closed) return;
    try {
      await this.listener.currentCaller();
      if (!this.closed && !this.out.writableNeedDrain) this.out.write(': still here\n\n');
      void this.sendAll();
    } catch (error) {
      this.endIfSignedOut(error);
    }
  }

  end(): void {
    this.gone.abort();
    // A client that does not read would keep the connection, and with it the process, from ending.
    if (this.out.writableNeedDrain) this.out.destroy();
    else this.out.end();
  }

  private drop(): void {
    this.waiting = [];
    this.gone.abort();
    this.out.destroy();
  }

  private async sendAll(): Promise<void> {
    if (this.sending || !this.begun) return;
    this.sending = true;
    try {
      while (this.waiting.length > 0 && !this.closed) await this.sendSome();
    } catch (error) {
      // Other errors (the database is unavailable) are temporary. The next change or beat sends what waits.
      this.endIfSignedOut(error);
    } finally {
      this.sending = false;
    }
  }

  /** Writes until the listener's buffer is full. The listener may lose a right meanwhile, so the rest is checked again. */
  private async sendSome(): Promise<void> {
    // Changes that arrive during the query for rights are left to the next query.
    let due = this.waiting.length;
    const caller = await this.listener.currentCaller();
    while (due > 0 && !this.closed) {
      due -= 1;
      const next = this.waiting.shift();
      if (!next || !maySee(caller, next.check)) continue;
      if (!this.out.write(this.eventOf(next, caller))) return this.drained();
    }
  }

  private eventOf({ check, vendors }: Waiting, caller: Caller): string {
    const data = JSON.stringify(this.listener.present(check, caller, vendors));
    return `event: background_check.status_changed\nid: ${check.eventId}\ndata: ${data}\n\n`;
  }

  private async drained(): Promise<void> {
    if (this.closed) return;
    const late = setTimeout(() => this.drop(), this.patienceMs).unref();
    await once(this.out, 'drain', { signal: this.gone.signal }).catch(() => undefined);
    clearTimeout(late);
  }

  private endIfSignedOut(error: unknown): void {
    if (error instanceof DomainError && error.kind === 'unauthenticated') this.end();
  }
}

const maySee = (caller: Caller, check: ChangedCheck): boolean =>
  caller.sees(check.job_id) &&
  caller.can('view_background_check_status', check.job_id) &&
  !caller.isSelf(check.candidate_id);
