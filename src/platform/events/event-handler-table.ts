import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { DomainEvent } from '#kernel/events';
import { reactionOf, type Reaction, type ReactionEntry } from './event-handler.js';

export interface BoundReaction extends ReactionEntry {
  reaction: Reaction<DomainEvent>;
}

/** Which reaction hears which event: read once from the modules at start, the same on every replica whatever its role. */
@Injectable()
export class ReactionTable {
  private table: BoundReaction[] | undefined;

  constructor(private readonly discovery: DiscoveryService) {}

  all(): BoundReaction[] {
    this.table ??= this.discovery.getProviders().flatMap((wrapper) => {
      const entry = wrapper.metatype ? reactionOf(wrapper.metatype) : undefined;
      return entry ? [{ ...entry, reaction: wrapper.instance as Reaction<DomainEvent> }] : [];
    });
    return this.table;
  }

  to(wireName: string): BoundReaction[] {
    return this.all().filter((entry) => entry.event.wireName === wireName);
  }
}
