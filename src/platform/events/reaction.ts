import { Injectable } from '@nestjs/common';
import type { DomainEvent, EventType } from '#kernel/events';

/** One thing that happens because of an event. Runs at least once, in any order: it asks for the present state. */
export interface Reaction<E extends DomainEvent> {
  handle(event: E): Promise<void>;
  /**
   * Called once when the last try has failed and the job is parked, in a unit of work of its own and by whichever worker
   * sees it; `why` is fit for the log. An error in it is logged and not repeated.
   */
  parked?(event: E, why: string): Promise<void>;
}

export interface ReactionOptions<E extends DomainEvent> {
  /** What it does, as a stable word: part of the queue's name. */
  name: string;
  /** At most one waiting job per key: many hints become one piece of work. */
  coalesceBy?: (event: E) => string;
  /** How many jobs of this kind one worker process runs at a time. Default 2. */
  concurrency?: number;
  /** Seconds after which a running job is taken for dead. Far above any time limit inside it. Default 120. */
  expireInSeconds?: number;
  /** How often a failing job is tried again, with growing gaps, before it is parked. Default 22 (about half a day). */
  retryLimit?: number;
}

export interface ReactionEntry {
  event: EventType;
  queue: string;
  options: ReactionOptions<never>;
}

const key = Symbol('reaction');

/** Marks a class as the reaction to an event. `@ReactsTo(CheckRequested, { name: 'place-order' })` */
export function ReactsTo<E extends DomainEvent>(event: EventType<E>, options: ReactionOptions<E>): ClassDecorator {
  return (target) => {
    const entry: ReactionEntry = { event, queue: `${event.wireName}/${options.name}`, options };
    Reflect.defineMetadata(key, entry, target);
    Injectable()(target);
  };
}

export function reactionOf(target: object): ReactionEntry | undefined {
  return Reflect.getMetadata(key, target) as ReactionEntry | undefined;
}
