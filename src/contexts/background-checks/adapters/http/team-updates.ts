import { Gate } from '#platform/gate';
import { asTeam } from '#platform/database/scope';
import type { CheckChanges } from '../../views/check-changes.js';
import type { CheckPresenter } from '../../views/check-presenter.js';
import { ChangesHeard, type Hearing, type Place } from './changes-heard.js';
import type { News, UpdateStream } from './update-stream.js';

/** So many questions of one team's listeners (their rights, what they missed) are asked at a time. */
const questionsAtOnce = 2;
/** However fast a team's checks change, they are read so often at most. */
const restMs = 100;
const retryMs = 2_000;

/** One team's listeners on this replica: what changes is read once for all of them. */
export class TeamUpdates {
  readonly questions = new Gate(questionsAtOnce);
  private readonly streams = new Set<UpdateStream>();
  private readonly heard: ChangesHeard;
  /** What was heard of until here has been told. */
  private told: Place;
  private reading: Promise<void> | null = null;

  constructor(
    private readonly teamId: string,
    private readonly changes: CheckChanges,
    private readonly presenter: CheckPresenter,
    private readonly hearing: Hearing,
  ) {
    this.told = hearing.now;
    this.heard = new ChangesHeard(this.told);
  }

  get size(): number {
    return this.streams.size;
  }

  /**
   * From now on the stream hears every change. `lastEventId`: where it broke off; null: it is new. Resolves once it was told
   * what it missed.
   */
  async add(stream: UpdateStream, lastEventId: string | null): Promise<void> {
    // While nobody listened, nobody was told.
    if (this.streams.size === 0) this.told = this.hearing.now;
    this.streams.add(stream);
    const id = this.hearing.idOf(this.hearing.now);
    if (lastEventId === null) {
      stream.greet(id);
      return stream.begin({ checks: [], connected: false });
    }
    const place = this.hearing.placeOf(lastEventId);
    const missed = place === null ? null : this.heard.after(place);
    // A newer id before they were told what they missed: whoever broke off in between would never be told.
    stream.greet(missed && lastEventId);
    if (missed) await this.tellMissed(stream, missed);
    else stream.reset(id);
  }

  remove(stream: UpdateStream): void {
    this.streams.delete(stream);
  }

  /** Whether the listener may still listen is asked at once. No user named: anybody may have lost that. */
  askAgain(userId: string): void {
    for (const stream of this.streams) if (userId === '' || stream.userId === userId) void stream.beat();
  }

  endAll(): void {
    for (const stream of this.streams) stream.end();
  }

  /** A check changed; those that are told of at the same time are read together. */
  changed(checkId: string, place: Place): void {
    this.heard.note(checkId, place);
    void this.catchUp();
  }

  /** Anything may have been missed: every listener reads their lists again, and hears what changes from here on. */
  missed(): void {
    this.told = this.hearing.now;
    this.heard.forget(this.told);
    for (const stream of this.streams) stream.reset(this.hearing.idOf(this.told));
  }

  /** Tells what changed; what changes during a reading is one more reading. Resolves once all is told. */
  catchUp(): Promise<void> {
    return (this.reading ??= this.readAll().finally(() => (this.reading = null)));
  }

  private async readAll(): Promise<void> {
    try {
      // The last look and the end of the reading happen in one turn: what changes after it starts the next one.
      while (this.streams.size > 0 && (await this.tell())) await new Promise((resolve) => setTimeout(resolve, restMs));
    } catch {
      // The database is away: the next reading starts where this one did.
      setTimeout(() => void this.catchUp(), retryMs).unref();
    }
  }

  /** `false`: nothing of this team's had changed. */
  private async tell(): Promise<boolean> {
    const [from, until] = [this.told, this.hearing.now];
    const changed = this.heard.after(from);
    if (changed === null) {
      this.told = until;
      for (const stream of this.streams) stream.reset(this.hearing.idOf(until));
      return true;
    }
    if (changed.size > 0) {
      const news = await this.newsOf(changed);
      // What was read before a gap is out of date with it.
      if (this.told !== from) return true;
      for (const stream of this.streams) stream.take(news);
    }
    this.told = until;
    return changed.size > 0;
  }

  private async tellMissed(stream: UpdateStream, missed: Map<string, Place>): Promise<void> {
    while (!stream.closed) {
      try {
        return stream.begin(await this.questions.run(() => this.newsOf(missed)));
      } catch {
        await new Promise((resolve) => setTimeout(resolve, retryMs).unref());
      }
    }
  }

  private async newsOf(changed: Map<string, Place>): Promise<News> {
    if (changed.size === 0) return { checks: [], connected: false };
    const ids = new Map([...changed].map(([checkId, place]) => [checkId, this.hearing.idOf(place)]));
    // A hint from the database arrives outside of any request.
    const found = await asTeam(this.teamId, () => this.changes.of(this.teamId, [...changed.keys()]));
    const rows = new Map(found.map((row) => [row.id, row]));
    const checks = [...ids].flatMap(([checkId, eventId]) => {
      const row = rows.get(checkId);
      return row ? [{ ...row, eventId }] : [];
    });
    // Only what could be sent again depends on the connection: mostly nothing does.
    const asked = checks.some(({ resendable }) => resendable);
    const connected = asked && (await asTeam(this.teamId, () => this.presenter.isConnected(this.teamId)));
    return { checks, connected };
  }
}
