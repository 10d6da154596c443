import { Gate } from '#platform/gate';
import { asTeam } from '#platform/database/scope';
import type { ChangedCheck, CheckChanges, Cursor } from '../../views/check-changes.js';
import type { CheckPresenter } from '../../views/check-presenter.js';
import type { News, UpdateStream } from './update-stream.js';

/** So many questions of one team's listeners (their rights, what they missed) are asked at a time. */
const questionsAtOnce = 2;
/** However fast a team's checks change, they are read so often at most. */
const restMs = 100;

/** One team's listeners on this replica: what changes is read once for all of them. */
export class TeamUpdates {
  readonly questions = new Gate(questionsAtOnce);
  private readonly streams = new Set<UpdateStream>();
  /** Of the last read: what was committed by then has been told. */
  private seen: string | null = null;
  private reading = false;
  private readAgain = false;

  constructor(
    private readonly teamId: string,
    private readonly changes: CheckChanges,
    private readonly presenter: CheckPresenter,
    private cursor: Cursor,
  ) {}

  get size(): number {
    return this.streams.size;
  }

  /** From now on the stream hears every change; it must be told what it missed before (`tellMissed`). */
  add(stream: UpdateStream): void {
    this.streams.add(stream);
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

  /** Tells one stream what changed since `from`, or to read everything again when that is too much. */
  async tellMissed(stream: UpdateStream, from: Cursor): Promise<void> {
    const { checks, cursor } = await this.questions.run(() => this.since(from));
    if (checks === null) stream.reset(cursor);
    else stream.begin(await this.newsOf(checks, cursor));
  }

  /** Tells what changed. Called on every hint and now and then; calls during a reading become one more reading. */
  async catchUp(): Promise<void> {
    this.readAgain = true;
    if (this.reading) return;
    this.reading = true;
    try {
      while (this.readAgain && this.streams.size > 0) {
        this.readAgain = false;
        await this.tell();
        await new Promise((resolve) => setTimeout(resolve, restMs));
      }
    } catch {
      // The database is away: the next reading starts where this one did.
    } finally {
      this.reading = false;
    }
  }

  private async tell(): Promise<void> {
    const { checks, cursor, snapshot } = await this.since(this.cursor, this.seen);
    if (checks === null) for (const stream of this.streams) stream.reset(cursor);
    else {
      const news = await this.newsOf(checks, cursor);
      for (const stream of this.streams) stream.take(news);
    }
    this.cursor = cursor;
    this.seen = snapshot;
  }

  private since(from: Cursor, seen: string | null = null): ReturnType<CheckChanges['since']> {
    // A hint from the database arrives outside of any request.
    return asTeam(this.teamId, () => this.changes.since(this.teamId, from, seen));
  }

  private async newsOf(checks: ChangedCheck[], cursor: Cursor): Promise<News> {
    // Only what could be sent again depends on the connection: mostly nothing does.
    const asked = checks.some(({ resendable }) => resendable);
    const connected = asked && (await asTeam(this.teamId, () => this.presenter.isConnected(this.teamId)));
    return { checks, cursor, connected };
  }
}
