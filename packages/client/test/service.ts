import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

type Answer = (response: ServerResponse, request: Received) => void;

/** A service that answers each request with the next answer, and the last one for ever. It keeps what it received. */
export class ScriptedService {
  readonly received: Received[] = [];
  private readonly server = createServer((request, response) => void this.take(request, response));
  private answers: Answer[] = [];

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on. */
  answersWith(...answers: Answer[]): void {
    this.received.length = 0;
    this.answers = answers;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const received = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
    this.received.push(received);
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    answer?.(response, received);
  }
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

export const refused = (status: number, reason: string, headers: Record<string, string> = {}): Answer =>
  json(status, { code: status, status: '', reason, message: `It is ${reason}.`, errors: {} }, headers);

/** The connection breaks and nobody knows what was done. */
export const cut: Answer = (response) => response.destroy();

/** It breaks in the middle of the answer. */
export const cutInTheBody: Answer = (response) => {
  response.writeHead(201, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"id":', () => response.destroy());
};

export const silent: Answer = () => undefined;
