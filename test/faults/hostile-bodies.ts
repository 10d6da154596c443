import type { Socket } from 'node:net';

/** The largest body that the webhook endpoint accepts. */
export const limit = 64 * 1024;

/** Writes `piece` repeatedly, as fast as the socket accepts it, up to 100 MB. */
export function flood(socket: Socket, first: string, piece: Buffer): void {
  socket.write(first);
  let left = 100 * 1024 * 1024;
  const more = (): void => {
    while (left > 0 && !socket.destroyed) {
      left -= piece.length;
      if (!socket.write(piece)) return void socket.once('drain', more);
    }
  };
  more();
}

export const aChunk = (): Buffer =>
  Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 'x'), Buffer.from('\r\n')]);

export const manyKeys = (): string =>
  Array.from({ length: 6_500 }, (_, i) => `"k${i}":1`)
    .join(',')
    .slice(0, limit - 100);
