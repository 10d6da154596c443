import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import { signInEndedChannel } from '#platform/auth/ports';
import { Notifications } from '#platform/events/notifications';
import { CheckChangesView } from '../../views/check-changes.js';
import { CheckPresenter } from '../../views/check-presenter.js';
import { changedChannel, savedChannel } from '../postgres/postgres-checks.js';
import { ChangeSequence } from './recent-changes.js';
import { TeamUpdates } from './team-updates.js';
import type { UpdateStream } from './update-stream.js';

const heartbeatMs = 15_000;
const retryMs = 2_000;
/** A team's recent changes are kept this long after its last listener left, so that listeners can resume. */
const lingerMs = 120_000;
/** Changes by an old replica cause at most one `reset` per team in this time. */
const oldReplicaMs = 1_000;
/** The longest delay that `setTimeout` accepts. */
const longestTimerMs = 2 ** 31 - 1;
/** Limits of open streams on one replica: the tabs of one person, the people of a large team. */
const mostOfUser = 10;
const mostOfTeam = 500;

/** The open streams on this replica, by team. A committed change on any replica wakes the streams of its team. */
@Injectable()
export class LiveUpdates implements OnModuleDestroy {
  private readonly log = new Logger('updates');
  private readonly teams = new Map<string, TeamUpdates>();
  /** Open streams by user and by team, counted from the moment they are admitted. */
  private readonly open = new Map<string, number>();
  private readonly sequence = new ChangeSequence();
  private readonly changedByOld = new Set<string>();
  private listening: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly notifications: Notifications,
    private readonly changes: CheckChangesView,
    private readonly presenter: CheckPresenter,
  ) {}

  /**
   * Counts a stream. The returned function uncounts it and may be called more than once. Throws `shutting_down` (503), and
   * `too_many_streams` (429) beyond the limits of a user or a team.
   */
  admit({ teamId, user }: Caller): () => void {
    if (this.stopped) {
      throw new DomainError('unavailable', 'shutting_down', 'The service is restarting. Connect again.', {}, 1);
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

  /** Queues the database queries of one team's listeners, so that they do not delay those of other teams. */
  ask<T>(teamId: string, question: () => Promise<T>): Promise<T> {
    const team = this.teams.get(teamId);
    return team ? team.questions.run(question) : question();
  }

  /**
   * Serves an admitted stream until either side closes it or its token expires. Resumes after `lastEventId` when this replica
   * knows that id.
   */
  async serve(stream: UpdateStream, lastEventId: string | null, expiresInMs: number): Promise<void> {
    const end = setTimeout(() => stream.end(), Math.min(expiresInMs, longestTimerMs));
    const endBeats = beats(stream);
    stream.whenClosed(() => {
      clearTimeout(end);
      endBeats();
    });
    // The shutdown may have begun after this stream was admitted.
    if (this.stopped) stream.end();
    // The greeting is sent only after `listen` succeeded. A client that reads its lists after the greeting misses no change.
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
    const team = this.teams.get(teamId) ?? new TeamUpdates(teamId, this.changes, this.presenter, this.sequence);
    this.teams.set(teamId, team);
    void team.add(stream, lastEventId);
    stream.whenClosed(() => {
      team.remove(stream);
      if (team.size === 0) setTimeout(() => team.size === 0 && this.discard(teamId, team), lingerMs).unref();
    });
  }

  private discard(teamId: string, team: TeamUpdates): void {
    if (this.teams.get(teamId) === team) this.teams.delete(teamId);
  }

  /** True when this replica receives every change from now on. */
  private async listen(): Promise<boolean> {
    try {
      await (this.listening ??= this.listenToAll());
      return true;
    } catch {
      this.listening = undefined;
      this.log.warn('cannot listen for changes: open streams receive none');
      return false;
    }
  }

  private async listenToAll(): Promise<void> {
    await this.notifications.listen(savedChannel, this.onSaved);
    await this.notifications.listen(changedChannel, this.onSavedByOldReplica);
    await this.notifications.listen(signInEndedChannel, this.recheckRights);
  }

  /** The payload names team and check. An empty payload means that the connection was lost and changes may have been missed. */
  private readonly onSaved = (payload: string): void => {
    if (payload === '') {
      this.sequence.restart();
      for (const team of this.teams.values()) team.missed();
      return;
    }
    const [teamId = '', checkId = ''] = payload.split('/');
    this.teams.get(teamId)?.changed(checkId, this.sequence.next());
  };

  /** A replica of a release before 0.6 saved a check. It does not say which. */
  private readonly onSavedByOldReplica = (teamId: string): void => {
    if (teamId === '' || !this.teams.has(teamId) || this.changedByOld.has(teamId)) return;
    this.changedByOld.add(teamId);
    setTimeout(() => {
      this.changedByOld.delete(teamId);
      this.teams.get(teamId)?.missed();
    }, oldReplicaMs).unref();
  };

  /** A sign-in of this user may have ended. Each of their streams checks whether it was its own. */
  private readonly recheckRights = (userId: string): void => {
    for (const team of this.teams.values()) team.recheckRights(userId);
  };
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

/** The interval is randomised. Otherwise streams that were opened together would query their rights together at every beat. */
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
