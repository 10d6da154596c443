import type { LookupAddress } from 'node:dns';
import { BlockList } from 'node:net';
import type { Resolve } from '#platform/outbound/public-address';
import { httpAnswer, type RawServer, rawServer } from '../../../../../test/support/raw-server.js';
import { HttpEndpointCalls } from './http-endpoint-calls.js';

const networks = (...subnets: [string, number][]): BlockList => {
  const list = new BlockList();
  for (const [address, prefix] of subnets) list.addSubnet(address, prefix, 'ipv4');
  return list;
};
const to =
  (...addresses: string[]): Resolve =>
  (_host, _options, done) =>
    done(null, addresses.map(address4));
const address4 = (address: string): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 });
const toNothing: Resolve = (_host, _options, done) => done(new Error('ENOTFOUND'), []);

/** With answers of the resolution in turn; the last one repeats. */
function callsWith(allowedNetworks: BlockList, ...answers: Resolve[]): HttpEndpointCalls {
  let nth = 0;
  return new (class extends HttpEndpointCalls {
    protected override resolve: Resolve = (...given) => {
      const answer = answers[Math.min(nth, answers.length - 1)];
      nth += 1;
      answer?.(...given);
    };
  })({ allowedNetworks, timeoutMs: 500 });
}

describe('Where a host leads', () => {
  const own = networks(['10.1.0.0', 16]);
  it.each([
    ['public', to('8.8.8.8', '2606:4700::1111')],
    ['allowed', to('10.1.2.3')],
    ['forbidden', to('10.2.2.3')],
    ['forbidden', to('8.8.8.8', '10.2.2.3')],
    ['forbidden', to('8.8.8.8', '::1')],
    ['forbidden', to('169.254.169.254')],
    ['unknown', toNothing],
  ])('%s', async (zone, resolve) => {
    expect(await callsWith(own, resolve).zoneOf(new URL('https://hooks.example.org/'))).toBe(zone);
  });
});

describe('A call', () => {
  let server: RawServer;
  beforeEach(async () => {
    server = await rawServer((socket) => socket.end(httpAnswer(200)));
  });
  afterEach(() => server.stop());

  const message = (url: string) => ({ url, headers: { 'webhook-id': 'an-id' }, body: '{}' });
  const atName = (protocol = 'http'): string => `${protocol}://hooks.example.org:${new URL(server.url).port}/`;
  const loopback = networks(['127.0.0.0', 8]);

  it('goes to the address that was checked', async () => {
    const outcome = await callsWith(loopback, to('127.0.0.1')).send(message(atName()));
    expect(outcome).toMatchObject({ succeeded: true, httpStatus: 200, error: null });
    expect(server.requests[0]).toMatch(/^POST \/ HTTP\/1\.1\r\n/);
    expect(server.requests[0]).toMatch(/webhook-id: an-id/i);
  });

  it.each([
    ['a name that leads to a private address since it was saved', networks(), to('127.0.0.1')],
    ['a name of which one address is private', networks(), to('8.8.8.8', '127.0.0.1')],
  ])('is not made to %s (DNS rebinding)', async (_, allowed, resolve) => {
    for (const protocol of ['https', 'http']) {
      const outcome = await callsWith(allowed, resolve).send(message(atName(protocol)));
      expect(outcome).toMatchObject({ succeeded: false, httpStatus: null });
      expect(outcome.error).toMatch(/not allowed/);
    }
    expect(server.connections).toBe(0);
  });

  it('is resolved once: another answer afterwards has no effect', async () => {
    const outcome = await callsWith(loopback, to('127.0.0.1'), to('10.0.0.1')).send(message(atName()));
    expect(outcome.succeeded).toBe(true);
    expect(server.connections).toBe(1);
  });

  it('is not made with plain http outside of the allowed networks', async () => {
    expect((await callsWith(loopback, to('8.8.8.8')).send(message(atName()))).error).toMatch(/not allowed/);
    expect((await callsWith(loopback).send(message('http://8.8.8.8/'))).error).toMatch(/not allowed/);
  });
});
