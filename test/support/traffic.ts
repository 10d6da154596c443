import type { Answer } from './people.js';

/** One request and its result. Status 0 means that there was no response. */
export interface Sample {
  at: number;
  ms: number;
  status: number;
  retryAfter: string | null;
  body: unknown;
  error: string | null;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Clients that send one request after the other and never retry, so that every failure is counted. */
export class Traffic {
  readonly samples: Sample[] = [];
  private stopped = false;
  private readonly clients: Promise<void>[];

  /** Every client calls `ask` for each request. */
  constructor(
    clients: number,
    private readonly pauseMs: number,
    private readonly ask: () => Promise<Answer<unknown>>,
  ) {
    this.clients = Array.from({ length: clients }, () => this.client());
  }

  async stop(): Promise<Sample[]> {
    this.stopped = true;
    await Promise.all(this.clients);
    return this.samples;
  }

  private async client(): Promise<void> {
    while (!this.stopped) {
      const at = performance.now();
      const sample = { at, status: 0, retryAfter: null as string | null, body: null as unknown, error: null };
      const ended = await this.ask().then(
        ({ status, headers, body }) => ({ ...sample, status, retryAfter: headers.get('retry-after'), body }),
        (error: Error) => ({ ...sample, error: `${error.message} ${JSON.stringify(error.cause)}` }),
      );
      this.samples.push({ ...ended, ms: performance.now() - at });
      await pause(this.pauseMs);
    }
  }
}

/** Failed checks in a row that take a replica out. One may only be slow, and without the other replica none would be left. */
const unhealthyAfter = 2;

/** Distributes requests in turn over the replicas that are ready, as a load balancer with its usual thresholds does. */
export class Balancer {
  private readonly ready = new Set<string>();
  private readonly failed = new Map<string, number>();
  private readonly polling: Promise<void>;
  private stopped = false;
  private turn = 0;

  constructor(
    private readonly urls: string[],
    private readonly everyMs = 250,
  ) {
    urls.forEach((url) => this.ready.add(url));
    this.polling = this.pollReadiness();
  }

  next(): string {
    const able = this.urls.filter((url) => this.ready.has(url));
    const url = able[(this.turn += 1) % able.length];
    if (!url) throw new Error('No replica is ready.');
    return url;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.polling;
  }

  private async pollReadiness(): Promise<void> {
    while (!this.stopped) {
      await Promise.all(this.urls.map((url) => this.checkReadiness(url)));
      await pause(this.everyMs);
    }
  }

  private async checkReadiness(url: string): Promise<void> {
    const answer = fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(1_000) });
    const ready = await answer.then(
      async (response) => {
        await response.arrayBuffer();
        return response.status === 200;
      },
      () => false,
    );
    const failed = ready ? 0 : (this.failed.get(url) ?? 0) + 1;
    this.failed.set(url, failed);
    if (ready) this.ready.add(url);
    else if (failed >= unhealthyAfter) this.ready.delete(url);
  }
}
