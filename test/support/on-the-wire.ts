import { connect } from 'node:net';

/** One response as received. `status` is null if the connection ended without a response. */
export interface Exchange {
  status: number | null;
  headers: Record<string, string>;
  body: string;
}

/** Writes exactly these bytes and reads until the server closes, or until the timeout. */
export function onTheWire(url: string, bytes: string | Buffer, timeoutMs = 10_000): Promise<Exchange> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(bytes));
    socket.setTimeout(timeoutMs, () => socket.destroy());
    socket.on('data', (piece) => pieces.push(piece));
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(read(Buffer.concat(pieces).toString('utf8'))));
  });
}

function read(text: string): Exchange {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  const status = /^HTTP\/1\.1 (\d{3})/.exec(first)?.[1];
  return {
    status: status === undefined ? null : Number(status),
    headers: Object.fromEntries(headers),
    body: rest.join('\r\n\r\n'),
  };
}
