import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import { signInEndedChannel } from '#platform/auth/ports';
import { Notifications } from '#platform/events/notifications';
import { CheckChanges, type Cursor } from '../../views/check-changes.js';
import { CheckPresenter } from '../../views/check-presenter.js';
import { changedChannel } from '../postgres/postgres-checks.js';
import { TeamUpdates } from './team-updates.js';
import type { UpdateStream } from './update-stream.js';

/** A hint may be lost with the connection that carries hints: after this long every team is looked at anyway. */
const pollMs = 5_000;
const heartbeatMs = 15_000;
const retryMs = 2_000;
/** The longest that a timer can be set for. */
const longestTimerMs = 2 ** 31 - 1;
/** Open at a time on one replica: as many tabs as a person uses, as many people as a large team has. */
const mostOfUser = 10;
const mostOfTeam = 500;

/** The streams that are open on this replica, by team. Committed changes on any replica wake those of their team. */
@Injectable()
export class LiveUpdates implements OnModuleDestroy {
  private readonly log = new Logger('updates');
  private readonly teams = new Map<string, TeamUpdates>();
  /** Open streams by user and by team, counted from the moment they are admitted. */
  private readonly open = new Map<string, number>();
  private poll: NodeJS.Timeout | undefined;
  private listening: Promise<unknown> | undefined;
  private stopped = false;

  constructor(
    private readonly notifications: Notifications,
    private readonly changes: CheckChanges,
    private readonly presenter: CheckPresenter,
  ) {}

  /**
   * Counts a stream; the returned function ends that, and may be called more than once. Throws `shutting_down` (503), and
   * `too_many_streams` (429) beyond the limits of a user or a team.
   */
  admit({ teamId, user }: Caller): () => void {
    if (this.stopped) {
      throw new DomainError('unavailable', 'shutting_down', 'The service is restarting: connect again.', {}, 1);
    }
    if (this.countOf(user.id) >= mostOfUser) throw tooMany('You have');
    if (this.countOf(teamId) >= mostOfTeam) throw tooMany('Your team has');
    const counted = [user.id, teamId];
    for (const id of counted) this.open.set(id, this.countOf(id) + 1);
    return () => {
      for (const id of counted.splice(0)) {
        const left = this.countOf(id) - 1;
        if (left > 0) this.open.set(id, left);
        else this.open.delete(id);
      }
    };
  }

  /** Questions of one team's listeners wait for each other, not for those of other teams. */
  ask<T>(teamId: string, question: () => Promise<T>): Promise<T> {
    const team = this.teams.get(teamId);
    return team ? team.questions.run(question) : question();
  }

  /** Serves an admitted stream from `from` on, until it is closed by either side, or its token expires. */
  async serve(stream: UpdateStream, { from, now }: { from: Cursor; now: Cursor }, expiresInMs: number): Promise<void> {
    const team = this.join(stream, now);
    const end = setTimeout(() => stream.end(), Math.min(expiresInMs, longestTimerMs));
    const endBeats = beats(stream);
    stream.whenClosed(() => {
      clearTimeout(end);
      endBeats();
      this.leave(stream, team);
    });
    // The shutdown may have begun while this one was let in.
    if (this.stopped) stream.end();
    stream.greet(from);
    await this.listen();
    // Whatever was committed before the listening began is found now. While the database cannot say, it is asked again.
    while (!stream.closed && !(await isTold(team, stream, from))) await later(retryMs);
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.poll);
    for (const team of this.teams.values()) team.endAll();
  }

  private countOf(id: string): number {
    return this.open.get(id) ?? 0;
  }

  private join(stream: UpdateStream, now: Cursor): TeamUpdates {
    const team = this.teams.get(stream.teamId) ?? new TeamUpdates(stream.teamId, this.changes, this.presenter, now);
    this.teams.set(stream.teamId, team);
    team.add(stream);
    this.poll ??= setInterval(() => this.wake(''), pollMs).unref();
    return team;
  }

  private leave(stream: UpdateStream, team: TeamUpdates): void {
    team.remove(stream);
    if (team.size === 0) this.teams.delete(stream.teamId);
  }

  private async listen(): Promise<void> {
    try {
      await (this.listening ??= Promise.all([
        this.notifications.listen(changedChannel, this.wake),
        this.notifications.listen(signInEndedChannel, this.askAgain),
      ]));
    } catch {
      this.listening = undefined;
      this.log.warn('cannot listen for changes: updates are polled');
    }
  }

  /** No team named: anything may have been missed. */
  private readonly wake = (teamId: string): void => {
    if (teamId === '') for (const team of this.teams.values()) void team.catchUp();
    else void this.teams.get(teamId)?.catchUp();
  };

  /** A person's sign-in may have ended: each of their streams finds out whether it was the one that it rests on. */
  private readonly askAgain = (userId: string): void => {
    for (const team of this.teams.values()) team.askAgain(userId);
  };
}

const isTold = (team: TeamUpdates, stream: UpdateStream, from: Cursor): Promise<boolean> =>
  team.tellMissed(stream, from).then(
    () => true,
    () => false,
  );

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

/** Spread, so that streams that were opened together do not ask for their rights together ever after. */
function beats(stream: UpdateStream): () => void {
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => {
    if (stream.closed) return;
    const ms = heartbeatMs * (0.7 + 0.3 * Math.random());
    timer = setTimeout(() => void stream.beat().then(next), ms);
  };
  next();
  return () => clearTimeout(timer);
}

const tooMany = (whose: string): DomainError =>
  new DomainError('too_many', 'too_many_streams', `${whose} too many open update streams. Close some first.`, {}, 15);
