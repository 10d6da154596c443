/**
 * Something that happened, for others to hear. Holds ids and nothing else: who hears it asks for the present state.
 * `wireName` never changes its meaning; a changed payload is a new version.
 */
export interface DomainEvent {
  readonly teamId: string;
}

export interface EventType<E extends DomainEvent = DomainEvent> {
  readonly wireName: string;
  // `never[]` accepts every constructor and lets nobody call it blindly.
  new (...args: never[]): E;
}

/** Collects what an aggregate did until its repository saves it and hands it over. */
export abstract class Aggregate {
  private pending: DomainEvent[] | undefined;

  protected record(event: DomainEvent): void {
    // Loaded objects are made without field initialisers, hence the check.
    (this.pending ??= []).push(event);
  }

  /** Hands the recorded events over, once. */
  releaseEvents(): DomainEvent[] {
    const events = this.pending ?? [];
    this.pending = undefined;
    return events;
  }
}
