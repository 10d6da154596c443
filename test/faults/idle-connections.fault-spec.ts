import { spawnSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { ask } from './caller.ts';
import { report } from './measures.ts';
import type { Replica } from './replica.ts';
import { patience, type Harness, startHarness } from './harness.ts';

const idle = 5_000;
const atOnce = 100;

describe('idle connections', () => {
  let harness: Harness;
  let replica: Replica;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    harness = await startHarness({ replicas: 1, env: { LOG_LEVEL: 'warn' } });
    [replica] = harness.replicas as [Replica];
  }, patience);
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await harness?.close();
  }, patience);

  const memoryKb = (): number =>
    Number(spawnSync('ps', ['-o', 'rss=', '-p', String(replica.pid)], { encoding: 'utf8' }).stdout);

  /** Makes one request, as a browser does, and keeps the connection open. */
  async function connectAndStay(): Promise<void> {
    const { hostname, port } = new URL(replica.ownUrl);
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    socket.write(`GET /health/live HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
    await once(socket, 'data');
  }

  it(
    'five thousand of them: new callers are served, and each costs little memory [A16]',
    async () => {
      const before = memoryKb();
      for (let open = 0; open < idle; open += atOnce) await Promise.all(Array.from({ length: atOnce }, connectAndStay));
      const each = (memoryKb() - before) / idle;
      for (let i = 0; i < 50; i += 1) expect((await ask('GET', `${replica.ownUrl}/health/ready`)).status).toBe(200);
      expect(sockets.filter(({ destroyed }) => destroyed)).toEqual([]);
      report('A16', { 'kilobytes for each idle connection': each });
      expect(each).toBeLessThan(40);
    },
    patience,
  );
});
