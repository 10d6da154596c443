import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../../test/support/sandbox.ts';
import { Harness } from './harness.ts';

let dataDir: string;
const running: Sandbox[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'stand-in-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.kill()));
  rmSync(dataDir, { recursive: true, force: true });
});

const quiet = { enforce_rate_limit: false, auto_deliver_ms: null };
const started = async (env: NodeJS.ProcessEnv = {}): Promise<Sandbox> => {
  const sandbox = await startSandbox({ dataDir, env });
  running.push(sandbox);
  return sandbox;
};
const order = async (sandbox: Sandbox, key: string, packageId: string | undefined, email: string): Promise<string> => {
  const reply = await fetch(`${sandbox.url}/api/public/cases/order-package/`, {
    method: 'POST',
    headers: { authorization: `Api-Key ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ package: packageId, email_address: email }),
  });
  return ((await reply.json()) as { id: string }).id;
};

describe('the process', () => {
  it('ends promptly on SIGTERM although connections are open, and starts again where it was', async () => {
    const sandbox = await started();
    const account = await sandbox.control.createAccount({ name: 'kept', settings: quiet });
    const id = await order(sandbox, account.api_key ?? '', account.packages[0]?.id, 'kept@example.org');
    await sandbox.control.act(id, 'deliver');
    await sandbox.control.act(id, 'open');
    await sandbox.control.fault({ kind: 'hang-before-commit', ms: 60_000, route: 'packages' });
    const headers = { authorization: `Api-Key ${account.api_key}` };
    const hanging = fetch(`${sandbox.url}/api/public/packages/`, { headers }).catch((error: Error) => error.message);
    const { url } = sandbox;
    const before = Date.now();
    await sandbox.restart();
    expect(Date.now() - before).toBeLessThan(8_000);
    await hanging;
    expect(sandbox.url).toBe(url);
    expect(await sandbox.control.account('kept')).toEqual(account);
    expect(await sandbox.control.case(id)).toMatchObject({ overall_status: 'APPLICANT_OPENED' });
    expect(await sandbox.control.mailbox({ email: 'kept@example.org' })).toHaveLength(1);
    expect((await sandbox.control.events()).map((event) => event.case_status)).toEqual([
      'APPLICANT_INVITED',
      'APPLICANT_OPENED',
    ]);
  });

  it('an order survives SIGKILL at once, restored in CASE_ORDERED from the ledger', async () => {
    const sandbox = await started();
    const account = await sandbox.control.createAccount({ name: 'killed', settings: quiet });
    const id = await order(sandbox, account.api_key ?? '', account.packages[1]?.id, 'killed@example.org');
    const before = await sandbox.control.case(id);
    await sandbox.kill();
    const [line] = readFileSync(join(dataDir, 'ledger.ndjson'), 'utf8').trim().split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({ case: id, account: account.id, email: 'killed@example.org' });
    await sandbox.start(0);
    const restored = await sandbox.control.case(id);
    expect(restored).toMatchObject({
      overall_status: 'CASE_ORDERED',
      short_id: before.short_id,
      created: before.created,
      package: account.packages[1]?.id,
    });
    expect(await sandbox.control.ledger({ account: 'killed' })).toHaveLength(1);
  });

  it('a taken port is one clear line and exit 1', async () => {
    const sandbox = await started();
    const { port } = new URL(sandbox.url);
    const second = startSandbox({ env: { SANDBOX_DATA_DIR: '' } }).then((other) => {
      running.push(other);
      return other;
    });
    const other = await second;
    await other.stop();
    await expect(other.start(Number(port))).rejects.toThrow(
      `The sandbox ended with 1: The stand-in Certn cannot start: port ${port} is already in use.`,
    );
  });

  it('a refused action comes back as an error with the sentence', async () => {
    const sandbox = await started();
    await sandbox.control.createAccount({ name: 'own', settings: quiet });
    const made = await sandbox.control.createPortalCase({ account: 'own', email_address: 'p@example.org' });
    await expect(sandbox.control.act(made.id, 'submit')).rejects.toThrow(/409.*Cannot submit/);
  });
});

describe('the ledger', () => {
  it('drops a line cut short and goes on behind the last whole one', async () => {
    const first = await Harness.start({ dataDir });
    const account = await first.account();
    await first.ordered(account);
    await first.stop();
    const path = join(dataDir, 'ledger.ndjson');
    appendFileSync(path, '{"time":"2026-');
    const second = await Harness.start({ dataDir });
    await second.ordered(account);
    await second.stop();
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { account: string }).account)).toEqual([account.id, account.id]);
  });

  it('has no line for an order refused, nor for a case made in the portal', async () => {
    const harness = await Harness.start({ dataDir });
    const account = await harness.account();
    await harness.order(account, { email_address: 'no address' });
    await harness.control('POST', 'cases', { account: account.id, email_address: 'portal@example.org' });
    expect(readFileSync(join(dataDir, 'ledger.ndjson'), 'utf8')).toBe('');
    await harness.stop();
  });
});
