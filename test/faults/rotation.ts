import type { Replica } from './replica.ts';

/** Where callers are sent: by turns to the replicas that say they are ready. Looked at twenty times a second. */
export class Rotation {
  private readonly replicas: readonly Replica[];
  private readonly ready = new Set<Replica>();
  private turn = 0;
  private looking: Promise<void> | undefined;
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
    this.looking = this.keepReconciling();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.looking;
  }

  /** The port of the replica whose turn it is; null: none is ready. */
  nextDoor(): number | null {
    const ready = this.replicas.filter((replica) => replica.running && this.ready.has(replica));
    const replica = ready[(this.turn += 1) % Math.max(1, ready.length)];
    return replica?.door.port ?? null;
  }

  private async keepReconciling(): Promise<void> {
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
