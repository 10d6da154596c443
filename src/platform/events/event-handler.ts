import { Injectable } from '@nestjs/common';
import type { DomainEvent, EventType } from '#kernel/events';

/** One effect of an event. Runs at least once and in any order, so it reads the present state. */
export interface EventHandler<E extends DomainEvent> {
  handle(event: E): Promise<void>;
  /**
   * Called once when the last try has failed and the job is a dead letter, in a unit of work of its own and on any worker. `why` is
   * safe to log. An error in it is logged, and the call is not repeated.
   */
  onDeadLetter?(event: E, why: string): Promise<void>;
}

export interface EventHandlerOptions<E extends DomainEvent> {
  /** What it does, as a stable word. Part of the queue's name. */
  name: string;
  /**
   * Names it had in earlier releases, for the same event. Jobs that wait there are worked, too. How a queue coalesces cannot change
   * after its creation: such a change needs a new name, and the old one here.
   */
  formerly?: readonly string[];
  /**
   * Queues it had when the event had another name, as `event/handler`. Jobs that wait there, and those that a running older release
   * adds, are worked. The older release does not work the jobs of this one.
   */
  formerQueues?: readonly string[];
  /**
   * Fields of the event: at most one waiting job for each combination of their values, so that many hints become one piece of work.
   * Names instead of a function, because releases that do not know the event handler publish to it, too.
   */
  coalesceBy?: readonly (keyof E & string)[];
  /** How many jobs of this kind one worker process runs at a time. Default 2. */
  concurrency?: number;
  /** Seconds after which a running job counts as dead. Far above any time limit inside it. Default 120. */
  expireInSeconds?: number;
  /** How often a failing job is tried again, with growing gaps, before it becomes a dead letter. Default 22 (about half a day). */
  retryLimit?: number;
}

export interface EventHandlerEntry {
  event: EventType;
  queue: string;
  /** Queues that it had in earlier releases. */
  formerly: string[];
  options: EventHandlerOptions<never>;
}

const key = Symbol('event-handler');

/** Marks a class as the handler of an event. `@HandlesEvent(UserErased, { name: 'end-sessions' })` */
export function HandlesEvent<E extends DomainEvent>(
  event: EventType<E>,
  options: EventHandlerOptions<E>,
): ClassDecorator {
  return (target) => {
    const queueOf = (name: string): string => `${event.wireName}/${name}`;
    const entry = { event, queue: queueOf(options.name), formerly: (options.formerly ?? []).map(queueOf), options };
    Reflect.defineMetadata(key, entry, target);
    Injectable()(target);
  };
}

export function eventHandlerOf(target: object): EventHandlerEntry | undefined {
  return Reflect.getMetadata(key, target) as EventHandlerEntry | undefined;
}
