import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** The line between a browser and the service, which may be cut and mended. */
export interface Line {
  /** Where the service is found through it. */
  url: string;
  /** Ends every connection, and every new one at once. */
  cut(): void;
  mend(): void;
  close(): void;
}

export async function openLine(service: string): Promise<Line> {
  const { hostname, port } = new URL(service);
  const sockets = new Set<Socket>();
  let isCut = false;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = keep(connect(Number(port), hostname));
    keep(near).once('close', () => far.destroy());
    far.once('close', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend: () => void (isCut = false),
    close: () => {
      cut();
      server.close();
    },
  };
}
