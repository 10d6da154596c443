import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DomainError } from '#kernel/errors';
import { Notifications } from '#platform/events/notifications';
import { changedChannel } from '../postgres/postgres-checks.js';
import type { UpdateStream } from './update-stream.js';

/** A hint may be lost with the connection that carries hints: after this long everybody looks anyway. */
const pollMs = 5_000;
const heartbeatMs = 15_000;
/** The longest that a timer can be set for. */
const longestTimerMs = 2 ** 31 - 1;

/** The streams that are open on this replica. Committed changes on any replica wake those of their team. */
@Injectable()
export class LiveUpdates implements OnModuleDestroy {
  private readonly log = new Logger('updates');
  private readonly streams = new Set<UpdateStream>();
  private listening: Promise<unknown> | undefined;
  private stopped = false;

  constructor(private readonly notifications: Notifications) {}

  mustBeOpen(): void {
    if (this.stopped) {
      throw new DomainError('unavailable', 'shutting_down', 'The service is restarting: connect again.', {}, 1);
    }
  }

  /** Serves a stream until it is closed by either side, or its token expires. */
  async serve(stream: UpdateStream, expiresInMs: number): Promise<void> {
    this.streams.add(stream);
    const timers = [
      setInterval(() => void stream.catchUp(), pollMs),
      setInterval(() => void stream.beat(), heartbeatMs),
      setTimeout(() => stream.end(), Math.min(expiresInMs, longestTimerMs)),
    ];
    stream.whenClosed(() => {
      timers.forEach((timer) => clearTimeout(timer));
      this.streams.delete(stream);
    });
    // The shutdown may have begun while this one was let in.
    if (this.stopped) stream.end();
    stream.greet();
    await this.listen();
    // Whatever was committed before the listening began is found now.
    await stream.catchUp();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    for (const stream of this.streams) stream.end();
  }

  private async listen(): Promise<void> {
    try {
      await (this.listening ??= this.notifications.listen(changedChannel, this.wake));
    } catch {
      this.listening = undefined;
      this.log.warn('cannot listen for changes: updates are polled');
    }
  }

  /** No team named: anything may have been missed. */
  private readonly wake = (teamId: string): void => {
    for (const stream of this.streams) if (teamId === '' || stream.teamId === teamId) void stream.catchUp();
  };
}
