import { Injectable } from '@nestjs/common';
import { Ids } from '#kernel/ports';
import type { EventType } from '../contract.js';
import { Deliveries } from '../domain/deliveries.js';
import { wants } from '../domain/webhook-endpoint.js';
import { WebhookEndpoints } from '../domain/webhook-endpoints.js';
import { WebhookEvents } from '../domain/webhook-events.js';

/** Makes events, and puts each where it waits for the endpoints that asked for its type. Joins the transaction. */
@Injectable()
export class Announcer {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly events: WebhookEvents,
    private readonly deliveries: Deliveries,
    private readonly ids: Ids,
  ) {}

  /** Whether a team has an endpoint. Without one, nothing is kept of what happens. */
  async isHeardIn(teamId: string): Promise<boolean> {
    return (await this.endpoints.ofTeam(teamId)).length > 0;
  }

  /** `except`: an endpoint that is not told, because the event is about it. */
  async announce(teamId: string, subject: string, types: readonly EventType[], except?: string): Promise<void> {
    if (types.length === 0) return;
    const endpoints = (await this.endpoints.ofTeam(teamId)).filter(({ id }) => id !== except);
    for (const type of types) {
      const event = { teamId, id: this.ids.next(), type, subject };
      await this.events.add(event);
      const listening = endpoints.filter((endpoint) => wants(endpoint, type)).map(({ id }) => id);
      await this.deliveries.add(event, listening);
    }
  }
}
