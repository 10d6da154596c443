import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import { signInEndedChannel } from '#platform/auth/ports';
import { Notifications } from '#platform/events/notifications';
import { CheckChanges } from '../../views/check-changes.js';
import { CheckPresenter } from '../../views/check-presenter.js';
import { changedChannel, savedChannel } from '../postgres/postgres-checks.js';
import { Hearing } from './changes-heard.js';
import { TeamUpdates } from './team-updates.js';
import type { UpdateStream } from './update-stream.js';

const heartbeatMs = 15_000;
const retryMs = 2_000;
/** So long what a team changes is remembered for listeners who come back. */
const lingerMs = 120_000;
/** What an old replica changes is told so often at most. */
const oldReplicaMs = 1_000;
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
  private readonly hearing = new Hearing();
  private readonly changedByOld = new Set<string>();
  private listening: Promise<void> | undefined;
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

  /** Serves an admitted stream, from `lastEventId` on where that is known, until it is closed by either side, or its token expires. */
  async serve(stream: UpdateStream, lastEventId: string | null, expiresInMs: number): Promise<void> {
    const end = setTimeout(() => stream.end(), Math.min(expiresInMs, longestTimerMs));
    const endBeats = beats(stream);
    stream.whenClosed(() => {
      clearTimeout(end);
      endBeats();
    });
    // The shutdown may have begun while this one was let in.
    if (this.stopped) stream.end();
    // Greeted only once every change is heard of: what is read after the greeting misses none.
    while (!stream.closed && !(await this.listen())) await later(retryMs);
    if (!stream.closed) this.join(stream, lastEventId);
  }

  onModuleDestroy(): void {
    this.stopped = true;
    for (const team of this.teams.values()) team.endAll();
  }

  private countOf(id: string): number {
    return this.open.get(id) ?? 0;
  }

  private join(stream: UpdateStream, lastEventId: string | null): void {
    const { teamId } = stream;
    const team = this.teams.get(teamId) ?? new TeamUpdates(teamId, this.changes, this.presenter, this.hearing);
    this.teams.set(teamId, team);
    void team.add(stream, lastEventId);
    stream.whenClosed(() => {
      team.remove(stream);
      if (team.size === 0) setTimeout(() => team.size === 0 && this.forget(teamId, team), lingerMs).unref();
    });
  }

  private forget(teamId: string, team: TeamUpdates): void {
    if (this.teams.get(teamId) === team) this.teams.delete(teamId);
  }

  /** Answers whether every change is heard of from now on. */
  private async listen(): Promise<boolean> {
    try {
      await (this.listening ??= this.listenToAll());
      return true;
    } catch {
      this.listening = undefined;
      this.log.warn('cannot listen for changes: nobody is told of any');
      return false;
    }
  }

  private async listenToAll(): Promise<void> {
    await this.notifications.listen(savedChannel, this.heard);
    await this.notifications.listen(changedChannel, this.heardOfOld);
    await this.notifications.listen(signInEndedChannel, this.askAgain);
  }

  /** Team and check; nothing named: the connection was lost, and anything may have been missed. */
  private readonly heard = (payload: string): void => {
    if (payload === '') {
      this.hearing.restart();
      for (const team of this.teams.values()) team.missed();
      return;
    }
    const [teamId = '', checkId = ''] = payload.split('/');
    this.teams.get(teamId)?.changed(checkId, this.hearing.next());
  };

  /** A replica of a release before 0.6 saved something, and does not say what. */
  private readonly heardOfOld = (teamId: string): void => {
    if (teamId === '' || !this.teams.has(teamId) || this.changedByOld.has(teamId)) return;
    this.changedByOld.add(teamId);
    setTimeout(() => {
      this.changedByOld.delete(teamId);
      this.teams.get(teamId)?.missed();
    }, oldReplicaMs).unref();
  };

  /** A person's sign-in may have ended: each of their streams finds out whether it was the one that it rests on. */
  private readonly askAgain = (userId: string): void => {
    for (const team of this.teams.values()) team.askAgain(userId);
  };
}

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
