import { createHash } from 'node:crypto';
import { type ChainedEntry, chainHash, chainStart } from './chained-entry.js';

const entry: ChainedEntry = {
  team_id: '01a00000-0000-7000-8000-000000000001',
  id: '01a00000-0000-7000-8000-000000000002',
  at: '2026-11-26T14:20:46.123456Z',
  actor_id: null,
  action: 'stage.create',
  entity: 'stage',
  entity_id: '7',
  outcome: 'done',
  before: {},
  after: { priority: 1, name: 'Büro', nested: { b: [1, 2.5], a: null } },
  ip: '203.0.113.7',
  candidate_id: null,
};

/** Written by hand from docs/security.md: anyone who checks a chain with other tools must get these bytes. */
const canonical =
  '{"action":"stage.create","actor_id":null,"after":{"name":"Büro","nested":{"a":null,"b":[1,2.5]},"priority":1},' +
  '"at":"2026-11-26T14:20:46.123456Z","before":{},"candidate_id":null,"entity":"stage","entity_id":"7",' +
  '"format":"audit-entry.v1","id":"01a00000-0000-7000-8000-000000000002","ip":"203.0.113.7","outcome":"done",' +
  '"team_id":"01a00000-0000-7000-8000-000000000001"}';

describe('A line of the audit chain', () => {
  it('is SHA-256 of the line before and the documented bytes', () => {
    const previous = createHash('sha256').update('the line before').digest();
    const expected = createHash('sha256').update(Buffer.concat([previous, Buffer.from(canonical, 'utf8')]));
    expect(chainHash(previous, entry)).toEqual(expected.digest());
  });

  it('does not depend on the order in which a database returns keys', () => {
    const after = { nested: { a: null, b: [1, 2.5] }, name: 'Büro', priority: 1 };
    const turned = Object.fromEntries(Object.entries({ ...entry, after }).reverse()) as unknown as ChainedEntry;
    expect(chainHash(chainStart, turned)).toEqual(chainHash(chainStart, entry));
  });

  it('depends on every column, and on the line before', () => {
    const hash = chainHash(chainStart, entry).toString('hex');
    const others = (Object.keys(entry) as (keyof ChainedEntry)[]).map((column) =>
      chainHash(chainStart, { ...entry, [column]: 'another' }).toString('hex'),
    );
    others.push(chainHash(createHash('sha256').digest(), entry).toString('hex'));
    expect(new Set([hash, ...others]).size).toBe(14);
  });
});
