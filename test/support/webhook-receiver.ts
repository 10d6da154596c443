import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { eventually } from './eventually.ts';

/** The body of an event. */
export interface SentEvent {
  type: string;
  timestamp: string;
  data: Record<string, unknown> & { id: string; revision?: number };
}

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  event: SentEvent;
}

/** Lets events into the network of the receiver. */
export const receiverNetwork = { OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8' };

/** Another system that receives events. Answers 204 unless `answer` says otherwise. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  answer: (response: ServerResponse, received: Received) => void = (response) => void response.writeHead(204).end();
  private readonly server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString();
      const received = {
        path: request.url ?? '',
        headers: request.headers,
        body,
        event: JSON.parse(body) as SentEvent,
      };
      this.received.push(received);
      this.answer(response, received);
    });
  });

  async start(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What came to a path, in the order of arrival. */
  at(path: string): Received[] {
    return this.received.filter((one) => one.path === path);
  }

  /** Waits until something at a path is accepted, and returns everything that came there until then. */
  async gets(
    what: string,
    path: string,
    accept: (received: Received[]) => boolean,
    withinMs?: number,
  ): Promise<Received[]> {
    return eventually(`the receiver gets ${what}`, async () => this.at(path), accept, withinMs);
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** Verifies a signature with the reference library of Standard Webhooks. Throws when it does not match. */
export function verified({ body, headers }: Received, secret: string): SentEvent {
  return new Webhook(secret).verify(body, headers as Record<string, string>) as SentEvent;
}
