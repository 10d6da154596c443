import { connect, type Socket } from 'node:net';
import { webhookPath } from './signed-webhooks.ts';

/** The answer to bytes that need not be a valid request. */
export interface RawAnswer {
  /** All bytes that came back. */
  text: string;
  /** Of the first response; null when the connection ended without one. */
  status: number | null;
  /** Until the other side ended the connection, or until the time limit. */
  ms: number;
  closed: boolean;
}

/** Sends these bytes, or lets `send` use the socket, and reads until the other side ends the connection. */
export function sendRaw(
  url: string,
  send: string | Buffer | ((socket: Socket) => void),
  timeoutMs = 5_000,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const begun = performance.now();
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const end = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      resolve({ text, status: status ? Number(status) : null, ms: performance.now() - begun, closed });
    };
    const timer = setTimeout(() => end(false), timeoutMs);
    socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')));
    socket.on('error', () => undefined);
    socket.once('close', () => end(true));
    socket.once('connect', () => (typeof send === 'function' ? send(socket) : socket.write(send)));
  });
}

/** The request line and headers: `lines` and the mandatory Host. */
export const requestHead = (lines: string[], method = 'POST', target = webhookPath): string =>
  [`${method} ${target} HTTP/1.1`, 'Host: service.example.org', ...lines, '', ''].join('\r\n');
