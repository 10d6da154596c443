import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '#platform/config/settings';
import { acrossTeams, asJobOf } from '#platform/database/scope';
import { describeError } from '#platform/describe-error';
import { Notifications } from '#platform/events/notifications';
import { Ticker } from '#platform/ticker';
import { SendDeliveries, type Sending } from '../../application/send-deliveries.js';
import { deliveriesChannel } from '../postgres/postgres-deliveries.js';

const everyMs = 1_000;
/** How long a stopping process waits for endpoints. Then another one sends the same events again. */
const drainMs = 2_000;

/**
 * Sends what is due, on every worker replica: once a second, with every new event, and after every attempt. What it sends at a time is
 * limited (`send-limits.ts`), so that endpoints that hang delay no others.
 */
@Injectable()
export class DeliveryTimer extends Ticker {
  private readonly log = new Logger('webhook-endpoints');
  private readonly sending = new Map<string, Sending>();
  private readonly attempts = new Set<Promise<void>>();
  private round: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly serviceSettings: Settings,
    private readonly notifications: Notifications,
    private readonly sendDeliveries: SendDeliveries,
  ) {
    super(serviceSettings, 'webhook-deliveries', everyMs);
  }

  override async onApplicationBootstrap(): Promise<void> {
    await super.onApplicationBootstrap();
    if (this.serviceSettings.role !== 'api') await this.notifications.listen(deliveriesChannel, () => this.wake());
  }

  override async onModuleDestroy(): Promise<void> {
    await super.onModuleDestroy();
    const drained = Promise.all([this.round?.catch(() => undefined), ...this.attempts]);
    await Promise.race([drained, new Promise((resolve) => setTimeout(resolve, drainMs).unref())]);
  }

  protected tick(): Promise<void> {
    return this.takeAll();
  }

  private wake(): void {
    this.takeAll().catch((error: unknown) => this.log.warn(`deliveries could not be taken: ${describeError(error)}`));
  }

  /** One round at a time: a call during a round makes it go on until nothing more fits. */
  private takeAll(): Promise<void> {
    this.again = true;
    return (this.round ??= this.rounds());
  }

  private async rounds(): Promise<void> {
    try {
      while (this.again && !this.stopped) {
        this.again = false;
        const taken = await acrossTeams('scheduling', () => this.sendDeliveries.take([...this.sending.values()]));
        for (const one of taken) this.begin(one);
        if (taken.length > 0) this.again = true;
      }
    } finally {
      // At once: a call that comes before a later turn would be forgotten.
      this.round = undefined;
    }
  }

  private begin(one: Sending): void {
    this.sending.set(one.attemptId, one);
    const sent = asJobOf(one.teamId, () => this.sendDeliveries.send(one))
      .catch((error: unknown) => this.log.warn(`an attempt could not be recorded: ${describeError(error)}`))
      .finally(() => {
        this.sending.delete(one.attemptId);
        this.attempts.delete(sent);
        this.wake();
      });
    this.attempts.add(sent);
  }
}
