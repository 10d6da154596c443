import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import type { CheckAnswer, CheckRow } from '../../views/check-answer.js';

/** A check as it is now. `eventId`: whoever breaks off after it resumes with what changed later. */
export type ChangedCheck = CheckRow & { eventId: string };

/** What was read once, for every listener of a team; oldest change first. */
export interface News {
  checks: ChangedCheck[];
  /** Whether the team can send checks: what the answers say about sending again depends on it. */
  connected: boolean;
}

export interface Listener {
  teamId: string;
  userId: string;
  /** Who stands behind the connection now; throws 401 once nobody does. */
  whoNow: () => Promise<Caller>;
  present: (check: ChangedCheck, caller: Caller, connected: boolean) => CheckAnswer;
}

type Waiting = Pick<News, 'connected'> & { check: ChangedCheck };

/** A listener who takes nothing for so long is not waited for: they connect again and resume. */
const slowMs = 10_000;
/** More than this is not kept for a listener who reads slowly. */
const mostWaiting = 1_000;

/** One listener's stream of server-sent events. Everything is judged by the rights at the moment it is written. */
export class UpdateStream {
  private readonly gone = new AbortController();
  private waiting: Waiting[] = [];
  /** Whether the listener has been told what they missed: what changed later waits for that. */
  private begun = false;
  private sending = false;

  constructor(
    private readonly listener: Listener,
    private readonly out: ServerResponse,
    private readonly patienceMs = slowMs,
  ) {
    out.once('close', () => this.gone.abort());
    // A listener that breaks off while it is written to: the close that follows says all there is to say.
    out.on('error', () => this.gone.abort());
    // It may have left while the request was looked at: then no close will come.
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

  /** Called once, when either side closed it; at once when that has happened. */
  whenClosed(work: () => void): void {
    if (this.closed) work();
    else this.gone.signal.addEventListener('abort', work, { once: true });
  }

  /** Lets the listener resume from there, even when nothing arrives before the connection breaks; null: from where they were. */
  greet(eventId: string | null): void {
    const id = eventId === null ? '' : `id: ${eventId}\n`;
    if (!this.closed) this.out.write(`: listening\n${id}\n`);
  }

  /** Sends what the listener missed before everything else. */
  begin({ checks, connected }: News): void {
    this.waiting.unshift(...checks.map((check) => ({ check, connected })));
    this.begun = true;
    void this.sendAll();
  }

  /** Sends what the listener may see of it, after what is still on its way to them. */
  take({ checks, connected }: News): void {
    if (this.closed) return;
    for (const check of checks) this.waiting.push({ check, connected });
    if (this.waiting.length > mostWaiting) this.drop();
    else void this.sendAll();
  }

  /** Too much changed to be told one by one, or nobody knows what: the listener reads their lists again, and hears what changes from here on. */
  reset(eventId: string): void {
    this.waiting = [];
    this.begun = true;
    if (this.closed) return;
    if (this.out.writableNeedDrain) this.drop();
    else this.out.write(`event: reset\nid: ${eventId}\ndata: {}\n\n`);
  }

  /** Keeps proxies from closing a quiet connection, and closes it to whoever lost the right to it. */
  async beat(): Promise<void> {
    if (this.closed) return;
    try {
      await this.listener.whoNow();
      if (!this.closed && !this.out.writableNeedDrain) this.out.write(': still here\n\n');
      void this.sendAll();
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
      // Anything else (the database is away) passes: what waits is sent with the next change or beat.
      this.endIfNobody(error);
    } finally {
      this.sending = false;
    }
  }

  /** Until the listener has to be waited for: they may lose a right meanwhile, so what is left is judged again. */
  private async sendSome(): Promise<void> {
    // What arrives while rights are asked for is judged by the next answer.
    let due = this.waiting.length;
    const caller = await this.listener.whoNow();
    while (due > 0 && !this.closed) {
      due -= 1;
      const next = this.waiting.shift();
      if (!next || !mayHear(caller, next.check)) continue;
      if (!this.out.write(this.eventOf(next, caller))) return this.drained();
    }
  }

  private eventOf({ check, connected }: Waiting, caller: Caller): string {
    const data = JSON.stringify(this.listener.present(check, caller, connected));
    return `event: background_check.status_changed\nid: ${check.eventId}\ndata: ${data}\n\n`;
  }

  private async drained(): Promise<void> {
    if (this.closed) return;
    const late = setTimeout(() => this.drop(), this.patienceMs).unref();
    await once(this.out, 'drain', { signal: this.gone.signal }).catch(() => undefined);
    clearTimeout(late);
  }

  private endIfNobody(error: unknown): void {
    if (error instanceof DomainError && error.kind === 'unauthenticated') this.end();
  }
}

const mayHear = (caller: Caller, check: ChangedCheck): boolean =>
  caller.sees(check.job_id) && !caller.isSelf(check.candidate_id);
