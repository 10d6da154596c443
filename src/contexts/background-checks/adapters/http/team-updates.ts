import { Gate } from '#platform/gate';
import { asTeam } from '#platform/database/scope';
import type { CheckChangesView } from '../../views/check-changes.js';
import { type CheckPresenter, noVendors } from '../../views/check-presenter.js';
import { RecentChanges, type ChangeSequence, type Position } from './recent-changes.js';
import type { Changes, UpdateStream } from './update-stream.js';

/** Concurrent queries for one team's listeners (their rights, what they missed). */
const questionsAtOnce = 2;
/** The pause between two reads of a team's changed checks, however fast they change. */
const restMs = 100;
const retryMs = 2_000;
const nothing: Changes = { checks: [], vendors: noVendors };

/** One team's listeners on this replica. Each changed check is read once for all of them. */
export class TeamUpdates {
  readonly questions = new Gate(questionsAtOnce);
  private readonly streams = new Set<UpdateStream>();
  private readonly recent: RecentChanges;
  /** Changes up to this position have been sent to the listeners. */
  private sentUpTo: Position;
  private reading: Promise<void> | null = null;

  constructor(
    private readonly teamId: string,
    private readonly changes: CheckChangesView,
    private readonly presenter: CheckPresenter,
    private readonly sequence: ChangeSequence,
  ) {
    this.sentUpTo = sequence.now;
    this.recent = new RecentChanges(this.sentUpTo);
  }

  get size(): number {
    return this.streams.size;
  }

  /**
   * From now on the stream receives every change. `lastEventId`: the last event it received; null for a new stream. Resolves once
   * the stream has been sent what it missed.
   */
  async add(stream: UpdateStream, lastEventId: string | null): Promise<void> {
    // Without listeners nothing was sent, so `sentUpTo` is out of date.
    if (this.streams.size === 0) this.sentUpTo = this.sequence.now;
    this.streams.add(stream);
    const id = this.sequence.idOf(this.sequence.now);
    if (lastEventId === null) {
      stream.greet(id);
      return stream.begin(nothing);
    }
    const position = this.sequence.positionOf(lastEventId);
    const missed = position === null ? null : this.recent.after(position);
    // The greeting repeats the old id. With a newer one, a client that breaks off before `sendMissed` would never receive what
    // it missed.
    stream.greet(missed && lastEventId);
    if (missed) await this.sendMissed(stream, missed);
    else stream.reset(id);
  }

  remove(stream: UpdateStream): void {
    this.streams.delete(stream);
  }

  /** Checks at once whether listeners may still listen. An empty user id means all of them. */
  recheckRights(userId: string): void {
    for (const stream of this.streams) if (userId === '' || stream.userId === userId) void stream.beat();
  }

  endAll(): void {
    for (const stream of this.streams) stream.end();
  }

  /** A check changed. Changes that arrive together are read together. */
  changed(checkId: string, position: Position): void {
    this.recent.note(checkId, position);
    void this.catchUp();
  }

  /** Changes may have been missed. Every listener is asked to read their lists again, and receives later changes as usual. */
  missed(): void {
    this.sentUpTo = this.sequence.now;
    this.recent.clear(this.sentUpTo);
    for (const stream of this.streams) stream.reset(this.sequence.idOf(this.sentUpTo));
  }

  /** Sends what changed. Changes that arrive during a read lead to another read. Resolves once everything is sent. */
  catchUp(): Promise<void> {
    return (this.reading ??= this.readAll().finally(() => (this.reading = null)));
  }

  private async readAll(): Promise<void> {
    try {
      // The last check and the end of `reading` happen in one turn of the event loop, so a later change starts a new read.
      while (this.streams.size > 0 && (await this.sendChanges()))
        await new Promise((resolve) => setTimeout(resolve, restMs));
    } catch {
      // The database is unavailable. The next read starts where this one did.
      setTimeout(() => void this.catchUp(), retryMs).unref();
    }
  }

  /** `false`: no check of this team had changed. */
  private async sendChanges(): Promise<boolean> {
    const [from, until] = [this.sentUpTo, this.sequence.now];
    const changed = this.recent.after(from);
    if (changed === null) {
      this.sentUpTo = until;
      for (const stream of this.streams) stream.reset(this.sequence.idOf(until));
      return true;
    }
    if (changed.size > 0) {
      const changes = await this.changesOf(changed);
      // `missed` was called during the read, and every listener was reset. What was read is out of date.
      if (this.sentUpTo !== from) return true;
      for (const stream of this.streams) stream.take(changes);
    }
    this.sentUpTo = until;
    return changed.size > 0;
  }

  private async sendMissed(stream: UpdateStream, missed: Map<string, Position>): Promise<void> {
    while (!stream.closed) {
      try {
        return stream.begin(await this.questions.run(() => this.changesOf(missed)));
      } catch {
        await new Promise((resolve) => setTimeout(resolve, retryMs).unref());
      }
    }
  }

  private async changesOf(changed: Map<string, Position>): Promise<Changes> {
    if (changed.size === 0) return nothing;
    const ids = new Map([...changed].map(([checkId, position]) => [checkId, this.sequence.idOf(position)]));
    // A notification from the database arrives outside of any request, so the team has to be set here.
    const found = await asTeam(this.teamId, () => this.changes.of(this.teamId, [...changed.keys()]));
    const rows = new Map(found.map((row) => [row.id, row]));
    const checks = [...ids].flatMap(([checkId, eventId]) => {
      const row = rows.get(checkId);
      return row ? [{ ...row, eventId }] : [];
    });
    const vendors = await asTeam(this.teamId, () => this.presenter.vendorsOf(this.teamId, checks));
    return { checks, vendors };
  }
}
