import fc from 'fast-check';
import type { Document } from './document.js';

/** A request as bytes would say it. `honest`: its head and its body fit together, so that it must be answered. */
export interface HostileRequest {
  method: string;
  target: string;
  headers: [string, string][];
  body: Buffer;
  framing: 'length' | 'chunked' | 'none' | 'both' | 'short' | 'long';
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND', 'TRACE', 'QUERY'];
const contentTypes = [
  ...['application/json', 'application/json; charset=utf-16', 'application/x-ndjson', 'text/plain', 'application/xml'],
  ...['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/merge-patch+json'],
  ...['application/octet-stream', '*/*', 'json', ';', 'application/json, application/x-ndjson', 'APPLICATION/JSON'],
];
const others = ['/health/ready', '/certn/certnWebhookHandler', '/no/such/thing', '/'];
const objectNames = ['__proto__', 'constructor', 'prototype', 'then', 'toString', 'toJSON', 'length', 'valueOf'];

/** Header values as HTTP allows them: visible ASCII and blanks. */
const headerText = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)) });

const segment = (ids: string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...ids) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text.toWellFormed())) },
    { weight: 1, arbitrary: fc.constantFrom('%', '%zz', '%00', '%c3%28', '..', '.', '%2e%2e', '%2F', '', ';a=b', '*') },
  );

const query = (names: string[]): fc.Arbitrary<string> =>
  fc
    .array(
      fc.tuple(
        fc.oneof(fc.constantFrom(...names, ...objectNames, 'a[b]', 'a[]'), fc.webQueryParameters()),
        fc.oneof(
          fc.webQueryParameters(),
          fc.constantFrom('%', '%00', '%ed%a0%80', '1e9', '-1', 'null', '2026-10-01T00:00:00Z'),
        ),
      ),
      { maxLength: 6 },
    )
    .map((pairs) => (pairs.length === 0 ? '' : `?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`));

/** JSON of every kind: with the fields that routes know, with the names other objects live on, deep, and nearly JSON. */
const json = (names: string[], ids: string[]): fc.Arbitrary<string> => {
  const leaf = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom(...ids, '\u0000', '\ud800', 'x'.repeat(5_000)));
  const known = fc.dictionary(fc.constantFrom(...names, ...objectNames), leaf, { maxKeys: 6 });
  const text = fc.oneof(
    fc.json(),
    known.map((value) => JSON.stringify(value)),
  );
  return fc.oneof(
    { weight: 6, arbitrary: text },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 1, max: 60_000 }).map((deep) => `${'{"name":'.repeat(deep)}1${'}'.repeat(deep)}`),
    },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 60_000 }).map((deep) => '['.repeat(deep) + ']'.repeat(deep)) },
    { weight: 1, arbitrary: text.map((whole) => whole.slice(0, -1)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '{"__proto__":{"a":1}}',
        '{"constructor":{"prototype":{}}}',
        '{"name":{"constructor":1}}',
      ),
    },
    { weight: 1, arbitrary: fc.array(text, { maxLength: 20 }).map((lines) => lines.join('\n')) },
  );
};

export function hostileRequests(document: Document, token: string, ids: string[]): fc.Arbitrary<HostileRequest> {
  const paths = Object.keys(document.paths);
  const operations = Object.entries(document.paths).flatMap(([path, of]) =>
    Object.keys(of).map((method): [string, string] => [method.toUpperCase(), path]),
  );
  const names = [
    ...new Set(Object.values(document.components.schemas).flatMap(({ properties = {} }) => Object.keys(properties))),
  ];
  // Mostly what a route takes, so that guards let it pass to what lies behind them.
  const asked = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...operations.filter(([method]) => method !== 'GET')) },
    { weight: 1, arbitrary: fc.constantFrom(...operations) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...methods), fc.constantFrom(...paths, ...others)) },
  );
  const place = fc
    .tuple(asked, segment(ids), fc.option(query(names), { freq: 1, nil: '' }))
    .map(([[method, path], one, search]) => ({ method, target: path.replaceAll(/\{\w+\}/g, () => one) + search }));
  const header = fc.oneof(
    fc.tuple(
      fc.constant('content-type'),
      fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...contentTypes) }, { weight: 1, arbitrary: headerText }),
    ),
    fc.tuple(
      fc.constantFrom('content-encoding', 'accept', 'accept-version', 'accept-encoding', 'x-forwarded-for'),
      headerText,
    ),
    fc.tuple(
      fc.constantFrom('idempotency-key', 'last-event-id', 'x-team-id', 'x-signature', 'range', 'cookie'),
      headerText,
    ),
    fc.tuple(fc.constantFrom('content-encoding'), fc.constantFrom('gzip', 'identity', 'br')),
  );
  const rest = fc.record({
    headers: fc
      .tuple(
        fc.option(fc.constant(`Bearer ${token}`), { freq: 8 }),
        fc.constantFrom(...contentTypes),
        fc.array(header, { maxLength: 3 }),
      )
      .map(([authorization, type, more]): [string, string][] => [
        ...(authorization ? ([['authorization', authorization]] as [string, string][]) : []),
        ...(more.some(([name]) => name === 'content-type')
          ? more
          : [...more, ['content-type', type] as [string, string]]),
      ]),
    body: fc.oneof(
      { weight: 6, arbitrary: json(names, ids).map((text) => Buffer.from(text)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)) },
      { weight: 1, arbitrary: fc.constant(Buffer.alloc(0)) },
    ),
    framing: fc.constantFrom('length', 'length', 'length', 'chunked', 'none', 'both', 'short', 'long'),
  });
  return fc.tuple(place, rest).map(([where, what]) => ({ ...where, ...what }));
}

export function bytesOf({ method, target, headers, body, framing }: HostileRequest): Buffer {
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: ats.example.org', 'Connection: close'];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  const length = { length: body.length, both: body.length, short: Math.max(0, body.length - 1), long: body.length + 5 };
  if (framing in length) lines.push(`Content-Length: ${length[framing as keyof typeof length]}`);
  if (framing === 'chunked' || framing === 'both') lines.push('Transfer-Encoding: chunked');
  const chunked = Buffer.concat([
    ...(body.length > 0 ? [Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')] : []),
    Buffer.from('0\r\n\r\n'),
  ]);
  const sent = framing === 'chunked' || framing === 'both' ? chunked : framing === 'none' ? Buffer.alloc(0) : body;
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), sent]);
}
