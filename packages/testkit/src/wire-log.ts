import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** One request to `/api/…` as it arrived. It never holds keys. */
export interface WireEntry {
  seq: number;
  time: string;
  request: string;
  account: string | null;
  account_name: string | null;
  method: string;
  path: string;
  query: string;
  accept: string | null;
  content_type: string | null;
  user_agent: string | null;
  body: string | null;
  fault: string | null;
  /** null while unanswered; stays null when the connection was cut before any header. */
  status: number | null;
  finished: boolean;
  duration_ms: number | null;
  connection: number;
  /** 1 for the first request on its connection, so that a test can see a fresh one. */
  nth_on_connection: number;
}

const kept = 50_000;
const bodyKept = 4_096;

export class WireLog {
  private readonly entries: WireEntry[] = [];
  private readonly open = new WeakMap<IncomingMessage, WireEntry>();
  private readonly connections = new WeakMap<Socket, { id: number; requests: number }>();
  private connectionCount = 0;
  private lastSeq = 0;

  begin(request: IncomingMessage, response: ServerResponse, id: string): void {
    const started = performance.now();
    const connection = this.connectionOf(request.socket);
    const [path, query] = splitUrl(request.url ?? '');
    this.lastSeq += 1;
    const entry: WireEntry = {
      seq: this.lastSeq,
      time: new Date().toISOString(),
      request: id,
      account: null,
      account_name: null,
      method: request.method ?? '',
      path,
      query,
      accept: request.headers.accept ?? null,
      content_type: request.headers['content-type'] ?? null,
      user_agent: request.headers['user-agent'] ?? null,
      body: null,
      fault: null,
      status: null,
      finished: false,
      duration_ms: null,
      connection: connection.id,
      nth_on_connection: connection.requests,
    };
    this.entries.push(entry);
    if (this.entries.length > kept) this.entries.splice(0, kept / 10);
    this.open.set(request, entry);
    response.once('close', () => {
      entry.status = response.headersSent ? response.statusCode : null;
      entry.finished = response.writableFinished;
      entry.duration_ms = Math.round(performance.now() - started);
    });
  }

  note(request: IncomingMessage, facts: Partial<WireEntry>): void {
    const entry = this.open.get(request);
    if (!entry) return;
    Object.assign(entry, facts);
    entry.body = entry.body?.slice(0, bodyKept) ?? null;
  }

  since(seq: number): WireEntry[] {
    return this.entries.filter((entry) => entry.seq > seq);
  }

  clear(): void {
    this.entries.length = 0;
  }

  private connectionOf(socket: Socket): { id: number; requests: number } {
    const known = this.connections.get(socket) ?? { id: (this.connectionCount += 1), requests: 0 };
    known.requests += 1;
    this.connections.set(socket, known);
    return known;
  }
}

function splitUrl(url: string): [path: string, query: string] {
  const mark = url.indexOf('?');
  return mark === -1 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}
