import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Forwards all requests to the stand-in, except those below `/files/`, which the test answers. */
export interface CertnProxy {
  url: string;
  /** Answers requests below `/files/`. Each test sets it. */
  answer: (response: ServerResponse) => void;
  stop(): Promise<void>;
}

export async function startCertnProxy(behind: () => string): Promise<CertnProxy> {
  const server = createServer((incoming, response) => {
    if (incoming.url?.startsWith('/files/')) return front.answer(response);
    passOn(behind(), incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const front: CertnProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (response) => response.writeHead(404).end(),
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return front;
}

function passOn(base: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, headers } = incoming;
  const onward = request(new URL(incoming.url ?? '/', base), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  incoming.pipe(onward);
}
