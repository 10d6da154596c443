import { connect } from 'node:net';
import type { HttpAdapterHost } from '@nestjs/core';
import { fastify, type FastifyInstance } from 'fastify';
import { eventually } from '../../../test/support/eventually.js';
import { HostCookies } from '../auth/host-cookies.js';
import type { Settings } from '../config/settings.js';
import { Credentials } from './credential.js';
import { OnePersonsRequests } from './one-persons-requests.js';

describe('The requests of one person', () => {
  let server: FastifyInstance;
  let port: number;
  /** Ends a running request of that person. */
  let ends: Map<string, (() => void)[]>;
  let arrived: number;

  beforeEach(async () => {
    const own = (ends = new Map<string, (() => void)[]>());
    server = fastify();
    server.setErrorHandler((error: Error & { kind?: string }, _request, reply) =>
      reply.status(error.kind === 'too_many' ? 429 : 500).send({ message: error.message }),
    );
    arrived = 0;
    server.addHook('onRequest', async () => void (arrived += 1));
    const host = { httpAdapter: { getInstance: () => server } } as unknown as HttpAdapterHost;
    const cookies = new HostCookies({ publicUrl: 'https://ats.example.org', localRun: false } as Settings);
    new OnePersonsRequests(host, new Credentials(cookies)).onModuleInit();
    const work = async ({
      headers: { authorization = '' },
    }: {
      headers: { authorization?: string };
    }): Promise<string> => {
      await new Promise<void>((resolve) => own.set(authorization, [...(own.get(authorization) ?? []), resolve]));
      return 'done';
    };
    for (const path of ['/ats/v0/work', '/auth/sign-out']) server.get(path, work);
    server.get('/ats/v0/stream', { config: { isStream: true } }, work);
    server.get('/ats/v0/slow', { config: { waitsForOthers: true } }, work);
    await server.listen({ port: 0, host: '127.0.0.1' });
    port = (server.server.address() as { port: number }).port;
  });
  afterEach(async () => {
    for (const all of ends.values()) all.forEach((end) => end());
    server.server.closeAllConnections();
    await server.close();
  });

  const ask = (person: string, path = '/ats/v0/work'): Promise<number> =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: person } }).then(
      ({ status }) => status,
      () => 0,
    );
  const working = (person: string, count: number): Promise<unknown> =>
    eventually(
      `${count} of ${person} are worked`,
      async () => ends.get(person)?.length ?? 0,
      (n) => n === count,
    );

  it('run four at a time; the others wait for their turn, and those of another person do not', async () => {
    const loud = Array.from({ length: 10 }, () => ask('loud'));
    await working('loud', 4);
    const quiet = ask('quiet');
    await working('quiet', 1);
    ends.get('quiet')?.forEach((end) => end());
    expect(await quiet).toBe(200);
    expect(ends.get('loud')).toHaveLength(4);
    for (let ended = 0; ended < 10; ended += 1) {
      await working('loud', Math.min(10, ended + 4));
      ends.get('loud')?.[ended]?.();
    }
    expect(await Promise.all(loud)).toEqual(Array.from({ length: 10 }, () => 200));
  });

  it('leave their place when their connection ends, while they wait or run', async () => {
    const open = (): ReturnType<typeof connect> => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.write('GET /ats/v0/work HTTP/1.1\r\nHost: ats\r\nAuthorization: loud\r\n\r\n');
      return socket;
    };
    const worked = [open(), open(), open(), open()];
    await working('loud', 4);
    const waiting = Array.from({ length: 20 }, open);
    await eventually(
      'the others wait',
      async () => arrived,
      (count) => count === 24,
    );
    const last = ask('loud');
    waiting.forEach((socket) => socket.destroy());
    await eventually(
      'the service knows that they are gone',
      () => new Promise<number>((resolve) => server.server.getConnections((_, count) => resolve(count))),
      (connections) => connections <= 5,
    );
    worked.slice(0, 2).forEach((socket) => socket.destroy());
    await working('loud', 5);
    ends.get('loud')?.at(-1)?.();
    expect(await last).toBe(200);
    // A request that was given up while it waited does not run.
    expect(ends.get('loud')).toHaveLength(5);
    worked.forEach((socket) => socket.destroy());
  });

  it('to sign out, and all that is not the API, wait for none of them', async () => {
    const flood = Array.from({ length: 300 }, () => ask('loud'));
    await working('loud', 4);
    const signOut = ask('loud', '/auth/sign-out');
    await working('loud', 5);
    ends.get('loud')?.at(-1)?.();
    expect(await signOut).toBe(200);
    server.server.closeAllConnections();
    await Promise.all(flood);
  });

  it('are refused when very many wait', async () => {
    const all = Array.from({ length: 260 }, () => ask('loud'));
    const first = await Promise.race(all);
    expect(first).toBe(429);
  });

  it('whose answers wait for another system queue among themselves and delay no others', async () => {
    const slow = Array.from({ length: 6 }, () => ask('loud', '/ats/v0/slow'));
    await working('loud', 4);
    const other = ask('loud');
    await working('loud', 5);
    ends.get('loud')?.forEach((end) => end());
    await working('loud', 7);
    ends.get('loud')?.forEach((end) => end());
    expect(await Promise.all([...slow, other])).toEqual(Array.from({ length: 7 }, () => 200));
  });

  it('that are streams take no place', async () => {
    const streams = Array.from({ length: 5 }, () => ask('loud', '/ats/v0/stream'));
    await working('loud', 5);
    const other = ask('loud');
    await working('loud', 6);
    ends.get('loud')?.forEach((end) => end());
    expect(await Promise.all([...streams, other])).toEqual([200, 200, 200, 200, 200, 200]);
  });
});
