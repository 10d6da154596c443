import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../../scripts/embedded-postgres.ts';
import { startSandbox } from '../../support/sandbox.ts';

/** For `leftovers.fault-spec`: setup fails half way, and teardown relies on all of it. */
describe('a suite that fails half way', () => {
  let prepared: { stop(): Promise<void> } | undefined;

  beforeAll(async () => {
    await startEmbeddedPostgres({ folder: join(mkdtempSync(join(tmpdir(), 'ats-left-')), 'postgres'), keep: false });
    await startSandbox();
    throw new Error('half way');
  }, 60_000);
  afterAll(() => (prepared as unknown as { stop(): Promise<void> }).stop());

  it('never reaches its tests', () => expect(prepared).toBeDefined());
});
