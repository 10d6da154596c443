import { type AddressInfo, createServer, type Server } from 'node:net';
import { claim, claimFrom, freePort } from './free-port.js';

const listening = (port: number): Promise<Server> =>
  new Promise((settle) => {
    const server = createServer().listen(port, '127.0.0.1', () => settle(server));
  });

describe('Ports of several copies that start at the same time', () => {
  it('each gets its own, although none of them listens yet', async () => {
    const first = await freePort();
    const claimed = await Promise.all([1, 2, 3].map(() => claimFrom(first)));
    expect(new Set(claimed).size).toBe(3);
    expect(claimed).not.toContain(null);
  });

  it('a free port is claimed by whoever asked for it', async () => {
    const port = await freePort();
    expect(await claim(port)).toBe(false);
  });

  it('a port in use is skipped, and refused when it is requested', async () => {
    const server = await listening(0);
    const { port } = server.address() as AddressInfo;
    expect(await claim(port)).toBe(false);
    expect(await claimFrom(port)).toBeGreaterThan(port);
    await new Promise((closed) => server.close(closed));
    expect(await claim(port)).toBe(true);
    expect(await claim(port)).toBe(false);
  });
});
