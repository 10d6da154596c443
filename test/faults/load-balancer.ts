import type { Replica } from './replica.ts';

/** Distributes callers over the ready replicas by turns. Polls their readiness about twenty times a second. */
export class LoadBalancer {
  private readonly replicas: readonly Replica[];
  private readonly ready = new Set<Replica>();
  private turn = 0;
  private polling: Promise<void> | undefined;
  private stopped = false;

  constructor(replicas: readonly Replica[]) {
    this.replicas = replicas;
  }

  get size(): number {
    return this.ready.size;
  }

  has(replica: Replica): boolean {
    return this.ready.has(replica);
  }

  start(): void {
    this.polling = this.poll();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.polling;
  }

  /** The port of the next ready replica. Null: none is ready. */
  nextPort(): number | null {
    const ready = this.replicas.filter((replica) => replica.running && this.ready.has(replica));
    const replica = ready[(this.turn += 1) % Math.max(1, ready.length)];
    return replica?.fromCallers.port ?? null;
  }

  private async poll(): Promise<void> {
    while (!this.stopped) {
      await Promise.all(
        this.replicas.map(async (replica) => {
          if (await replica.isReady()) this.ready.add(replica);
          else this.ready.delete(replica);
        }),
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
