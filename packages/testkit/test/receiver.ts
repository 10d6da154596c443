import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  at: number;
  headers: IncomingMessage['headers'];
  raw: string;
  body: Record<string, string>;
}

type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** The client's side of webhooks: echoes the challenge as docs/certn-api.md 5.1 requires, and keeps what is posted. */
export class Receiver {
  readonly received: Received[] = [];
  /** The statuses for the next posts; 200 when there are none left, 0 for no answer at all. */
  statuses: number[] = [];
  onChallenge: Answering = echo;
  url = '';
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      if (request.method === 'GET') this.onChallenge(request, response);
      else this.keep(request, response);
    });
  }

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
    receiver.url = `http://127.0.0.1:${(receiver.server.address() as AddressInfo).port}/hooks/certn`;
    return receiver;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private keep(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      this.received.push({
        at: Date.now(),
        headers: request.headers,
        raw,
        body: JSON.parse(raw) as Record<string, string>,
      });
      const status = this.statuses.shift() ?? 200;
      if (status > 0) response.writeHead(status).end();
    });
  }
}

export const challengeOf = (request: IncomingMessage): string =>
  new URL(request.url ?? '', 'http://receiver').searchParams.get('challenge') ?? '';

const echo: Answering = (request, response) => {
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' });
  response.end(challengeOf(request));
};
