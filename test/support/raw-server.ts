import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A server without a protocol. The test decides whether and what it answers. */
export interface RawServer {
  url: string;
  /** The full text of each request, in the order of arrival. */
  requests: string[];
  /** The number of accepted connections. */
  connections: number;
  stop(): Promise<void>;
}

export async function rawServer(react: (socket: Socket, request: string, nth: number) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    raw.connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (!isWhole(received)) return;
      raw.requests.push(received);
      received = '';
      react(socket, raw.requests.at(-1) ?? '', raw.requests.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const raw: RawServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    connections: 0,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return raw;
}

function isWhole(received: string): boolean {
  const [head, body] = received.split('\r\n\r\n');
  if (head === undefined || body === undefined) return false;
  return body.length >= Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
}

/** A complete HTTP response. A body that is not a string is sent as JSON. */
export function httpAnswer(status: number, body: unknown = '', headers: Record<string, string> = {}): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const lines = Object.entries({ 'Content-Length': String(Buffer.byteLength(text)), ...headers });
  return `HTTP/1.1 ${status} Whatever\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${text}`;
}

/** An address where no server listens. */
export async function closedPort(): Promise<string> {
  const server = await rawServer(() => undefined);
  await server.stop();
  return server.url;
}
