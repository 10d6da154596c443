import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { DomainEvent } from '#kernel/events';
import { eventHandlerOf, type EventHandler, type EventHandlerEntry } from './event-handler.js';

export interface BoundEventHandler extends EventHandlerEntry {
  eventHandler: EventHandler<DomainEvent>;
}

/** Which event handler gets which event. Read once from the modules at start, the same on every replica whatever its role. */
@Injectable()
export class EventHandlerTable {
  private table: BoundEventHandler[] | undefined;

  constructor(private readonly discovery: DiscoveryService) {}

  all(): BoundEventHandler[] {
    this.table ??= this.discovery.getProviders().flatMap((wrapper) => {
      const entry = wrapper.metatype ? eventHandlerOf(wrapper.metatype) : undefined;
      return entry ? [{ ...entry, eventHandler: wrapper.instance as EventHandler<DomainEvent> }] : [];
    });
    return this.table;
  }

  to(wireName: string): BoundEventHandler[] {
    return this.all().filter((entry) => entry.event.wireName === wireName);
  }
}
