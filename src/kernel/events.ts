/**
 * Something that happened. It holds only ids: an event handler reads the present state.
 * `wireName` never changes its meaning; a changed payload is a new version.
 */
export interface DomainEvent {
  readonly teamId: string;
}

export interface EventType<E extends DomainEvent = DomainEvent> {
  readonly wireName: string;
  // `never[]` accepts every constructor and prevents a call with unchecked arguments.
  new (...args: never[]): E;
}

/** Collects an aggregate's events until they are published after its save. */
export abstract class Aggregate {
  private pending: DomainEvent[] | undefined;

  protected record(event: DomainEvent): void {
    // The ORM creates loaded objects without field initialisers, so `pending` may be undefined.
    (this.pending ??= []).push(event);
  }

  /** Hands the recorded events over, once. */
  releaseEvents(): DomainEvent[] {
    const events = this.pending ?? [];
    this.pending = undefined;
    return events;
  }
}
