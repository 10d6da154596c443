import { text } from 'node:stream/consumers';
import type { LookupAddress } from 'node:dns';
import { httpAnswer, type RawServer, rawServer } from '../../../../../test/support/raw-server.js';
import { isPublicAddress, publicLookup, type Resolve } from '#platform/outbound/public-address';
import { openReport, type ReportHosts } from './report-download.js';

const forbidden = { remedy: 'give_up', reason: 'unusable' };
/** The hosts that an operator allows. The cases below test everything besides the host's name. */
const hosts: ReportHosts = {
  allows: (host) => ['files.example.org', 'localhost'].includes(host),
  whyNot: (host) => `${host} is not allowed.`,
};
const timeoutMs = 2_000;
const vendor = 'Vendor';

describe('the URL of a report [E17]', () => {
  let server: RawServer;
  beforeEach(async () => {
    server = await rawServer((socket, request) => {
      const found = /^GET \/r\.pdf/.test(request);
      socket.write(found ? httpAnswer(200, '%PDF-1.7') : httpAnswer(302, '', { Location: `${server.url}/r.pdf` }));
    });
  });
  afterEach(() => server.stop());

  const open = (url: string, resolve?: Resolve) =>
    openReport(url, { vendor, trustedOrigin: null, hosts, timeoutMs, resolve });
  const port = () => new URL(server.url).port;

  it('is opened at the configured host, without a key', async () => {
    const { stream, length } = await openReport(`${server.url}/r.pdf`, {
      vendor,
      hosts,
      trustedOrigin: server.url,
      timeoutMs,
    });
    expect(await text(stream)).toBe('%PDF-1.7');
    expect(length).toBe(8);
    expect(server.requests[0]).not.toMatch(/authorization|cookie/i);
  });

  it('is not opened at another address after a redirect', async () => {
    await expect(
      openReport(`${server.url}/moved`, { vendor, hosts, trustedOrigin: server.url, timeoutMs }),
    ).rejects.toMatchObject(forbidden);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    'http://127.0.0.1:PORT/r.pdf',
    'http://files.example.org/r.pdf',
    'https://127.0.0.1:PORT/r.pdf',
    'https://localhost:PORT/r.pdf',
    'https://2130706433:PORT/r.pdf',
    'https://0x7f.1:PORT/r.pdf',
    'https://[::1]:PORT/r.pdf',
    'https://[::ffff:127.0.0.1]:PORT/r.pdf',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.0.0.8/r.pdf',
    // secretlint-disable-next-line -- an address that must be refused
    'https://user:secret@files.example.org/r.pdf',
    'ftp://files.example.org/r.pdf',
    'file:///etc/passwd',
    'data:application/pdf,%25PDF',
    '/r.pdf',
    '',
    `https://files.example.org/${'x'.repeat(9_000)}`,
  ])('is refused before a byte is sent: %s', async (url) => {
    await expect(open(url.replace('PORT', port()))).rejects.toMatchObject(forbidden);
    expect(server.connections).toBe(0);
  });

  it('is refused when its name resolves to a private address, even beside a public one', async () => {
    for (const addresses of [
      [v4('127.0.0.1')],
      [v4('93.184.215.14'), v4('127.0.0.1')],
      [{ address: '::1', family: 6 }],
    ]) {
      const resolve: Resolve = (_, _options, answer) => answer(null, addresses);
      await expect(open(`https://files.example.org:${port()}/r.pdf`, resolve)).rejects.toMatchObject(forbidden);
    }
    expect(server.connections).toBe(0);
  });

  it('is resolved once: the connection uses the address that was checked', async () => {
    const answers = [v4('93.184.215.14'), v4('127.0.0.1')];
    const lookup = publicLookup((_, _options, answer) => answer(null, answers.splice(0, 1)));
    const connectedTo = await new Promise((resolve) => {
      lookup('rebinding.example.org', {}, (_, address) => resolve(address));
    });
    expect(connectedTo).toBe('93.184.215.14');
    expect(answers).toHaveLength(1);
  });

  it('is unreachable when its name does not resolve', async () => {
    const resolve: Resolve = (_, _options, answer) => answer(new Error('ENOTFOUND'), []);
    await expect(open('https://files.example.org/', resolve)).rejects.toMatchObject({
      remedy: 'retry',
      reason: 'unreachable',
    });
  });
});

describe('a report download fails', () => {
  it.each([
    [403, { remedy: 'give_up', reason: 'not_found' }],
    [404, { remedy: 'give_up', reason: 'not_found' }],
    [503, { remedy: 'retry', reason: 'server_error' }],
  ])('for status %d', async (status, expected) => {
    const server = await rawServer((socket) => void socket.write(httpAnswer(status, 'gone')));
    await expect(openReport(server.url, { vendor, hosts, trustedOrigin: server.url, timeoutMs })).rejects.toMatchObject(
      expected,
    );
    await server.stop();
  });

  it('when no answer comes in time', async () => {
    const server = await rawServer(() => undefined);
    const opened = openReport(server.url, { vendor, hosts, trustedOrigin: server.url, timeoutMs: 100 });
    await expect(opened).rejects.toMatchObject({ remedy: 'retry', reason: 'timeout' });
    await server.stop();
  });

  it('when the file is not a PDF or too large, or its first bytes come late', async () => {
    const answers = [
      httpAnswer(200, '<html>'),
      httpAnswer(200, `%PDF-1.7${'x'.repeat(2_000)}`),
      httpAnswer(200, 'x').slice(0, -1),
    ];
    const server = await rawServer((socket) => void socket.write(answers.shift() ?? ''));
    const download = { vendor, hosts, trustedOrigin: server.url, timeoutMs: 300, largest: 1_000 };
    await expect(openReport(server.url, download)).rejects.toMatchObject({ reason: 'unusable' });
    await expect(openReport(server.url, download)).rejects.toMatchObject({ reason: 'unusable' });
    await expect(openReport(server.url, download)).rejects.toMatchObject({ remedy: 'retry', reason: 'timeout' });
    await server.stop();
  });

  it('when the file is cut off', async () => {
    const server = await rawServer((socket) =>
      socket.write(httpAnswer(200, '%PDF-1.7').slice(0, -3), () => socket.end()),
    );
    const { stream } = await openReport(server.url, { vendor, hosts, trustedOrigin: server.url, timeoutMs });
    await expect(text(stream)).rejects.toThrow();
    await server.stop();
  });
});

describe('an address', () => {
  it.each(['93.184.215.14', '1.1.1.1', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450::1'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    ...['0.0.0.0', '10.1.2.3', '100.100.100.200', '127.0.0.1', '168.63.129.16', '169.254.169.254', '172.16.0.1'],
    ...[
      '192.168.0.1',
      '198.18.0.1',
      '224.0.0.1',
      '255.255.255.255',
      '::',
      '::1',
      'fe80::1',
      'fc00::1',
      'fd00:ec2::254',
    ],
    ...[
      'ff02::1',
      '::ffff:10.0.0.1',
      '::ffff:8.8.8.8',
      '64:ff9b::a00:1',
      '2002:a00:1::',
      '2001::1',
      '2001:db8::1',
      'fe80::1%eth0',
    ],
    ...['', 'localhost', '10.0.0.1/8'],
  ])('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

function v4(address: string): LookupAddress {
  return { address, family: 4 };
}
