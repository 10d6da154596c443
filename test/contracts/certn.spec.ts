import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { Reader } from '../../src/platform/config/reader.js';
import type { Vendor } from '../../src/contexts/integrations/gateway/domain/vendor.js';
import { certn, certnCapabilities } from '../../src/contexts/integrations/vendors/certn/index.js';
import { CertnAdapter } from '../../src/contexts/integrations/vendors/certn/certn-adapter.js';
import { closedPort } from '../support/raw-server.js';
import type { SandboxAccount, SandboxFault } from '../support/sandbox.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { certnDialect } from './certn-dialect.js';
import { eventually, orderFor, type VendorFault } from './vendor-fixtures.js';
import { vendorContract } from './vendor.contract.js';

const sandboxFaults: Record<Exclude<VendorFault, 'unreachable'>, SandboxFault> = {
  late: { kind: 'hang-before-commit' },
  taken_then_late: { kind: 'commit-then-hang' },
  taken_then_lost: { kind: 'reset-after-commit' },
  server_error: { kind: 'status', status: 503 },
  taken_then_server_error: { kind: 'status-after-commit', status: 502 },
  throttled_for_7_s: { kind: 'throttle', retry_after: 7 },
  throttled_by_someone: { kind: 'throttle-foreign', retry_after: 7 },
  misdirected: { kind: 'redirect' },
  nonsense: { kind: 'html-200' },
};

let made = 0;
function anAccount(sandbox: Sandbox, settings: object = {}, packages?: SandboxAccount['packages'] | object[]) {
  return sandbox.control.createAccount({
    name: `Account ${++made}`,
    packages: packages as { name: string }[] | undefined,
    settings: { enforce_rate_limit: false, auto_deliver_ms: null, report_ms: 50, ...settings },
  });
}

function credentialsOf(account: SandboxAccount) {
  return { region: 'ca', environment: 'production', apiKey: account.api_key ?? '' } as const;
}

/** Certn as in production, with another way to read: the suite cannot wait 15 seconds. */
function certnAt(baseUrl: string, readTimeoutMs?: number): Vendor {
  const api = new CertnAdapter({ baseUrl, readTimeoutMs });
  const made = certn(new Reader({ CERTN_BASE_URL: baseUrl }));
  return { ...made, account: api, orders: api, cases: api, cancellation: api, list: api, feed: api, reports: api };
}

vendorContract({
  name: 'Certn',
  capabilities: certnCapabilities,
  dialect: certnDialect,
  setup: async () => {
    const sandbox = await startSandbox();
    return {
      vendor: certn(new Reader({ CERTN_BASE_URL: sandbox.url })),
      account: async ({ packages, listShape = 'pagination', reportsFail } = {}) => {
        const account = await anAccount(
          sandbox,
          { page_shape: listShape, report_outcome: reportsFail ? 'FAILED' : 'COMPLETE' },
          packages?.map(({ id, name, active }) => ({ id, name, is_active: active })),
        );
        return {
          credentials: credentialsOf(account),
          withFault: async (fault) => {
            if (fault === 'none') return certnAt(sandbox.url);
            if (fault === 'unreachable') return certnAt(await closedPort());
            for (const route of ['order-package', 'case']) {
              await sandbox.control.fault({ account: account.id, route, times: null, ...sandboxFaults[fault] });
            }
            return certnAt(sandbox.url, fault === 'late' ? 300 : undefined);
          },
          show: async (caseId, { vendorStatus, vendorScore }) => {
            await sandbox.control.act(caseId, 'set', { status: vendorStatus, score: vendorScore });
          },
          portalCase: async (email, createdAt) => {
            const options = { account: account.id, email_address: email, created: createdAt.toISOString() };
            return (await sandbox.control.createPortalCase(options)).id;
          },
          orders: async () => (await sandbox.control.ledger({ account: account.id })).length,
        };
      },
      stop: () => sandbox.stop(),
    };
  },
});

describe('Certn, beyond the contract of every vendor', () => {
  let sandbox: Sandbox;
  let provider: CertnAdapter;
  beforeAll(async () => {
    sandbox = await startSandbox();
    provider = new CertnAdapter({ baseUrl: sandbox.url });
  });
  afterAll(() => sandbox.stop());

  function order(account: SandboxAccount, timeoutMs = 5_000) {
    const packageId = account.packages[0]?.id ?? '';
    return provider.placeOrder(credentialsOf(account), orderFor({ packageId }), { timeoutMs });
  }

  async function opened(account: SandboxAccount): Promise<string> {
    const outcome = await order(account);
    if (outcome.kind !== 'placed') throw new Error(outcome.message);
    return outcome.case.id;
  }

  it('asks Certn to invite the candidate, and sends only fields that Certn knows [R-72]', async () => {
    const account = await anAccount(sandbox, { default_send_invite: false, strict_fields: true });
    await opened(account);
    const mails = await sandbox.control.mailbox({ account: account.id });
    expect(mails.map(({ kind, to }) => [kind, to])).toEqual([['invitation', 'ada@example.org']]);
  });

  it.each<[string, string, number]>([
    ['truncated-json', 'E5', 1],
    ['html-200', 'E5', 1],
    ['no-id-201', 'E5', 1],
    ['wrong-type-id', 'E5', 1],
    ['reset-after-headers', 'E5', 1],
    ['reset-after-commit', 'E5', 1],
    ['slow-body', 'E5', 1],
    ['hang-then-commit', 'E3', 0],
    ['reset-before', 'E20', 0],
  ])('reports an unknown outcome when an order ends with %s, and sends it once [%s, E19]', async (kind, _, taken) => {
    const account = await anAccount(sandbox);
    await sandbox.control.fault({ account: account.id, route: 'order-package', kind, times: null, ms: 1_500 });
    expect((await order(account, 500)).kind).toBe('outcome_unknown');
    expect(await sandbox.control.ledger({ account: account.id })).toHaveLength(taken);
    expect(await sandbox.control.requests({ account: account.id })).toHaveLength(1);
  });

  it('opens a new connection for every order; reads share connections [E19, E20]', async () => {
    const account = await anAccount(sandbox);
    const caseId = await opened(account);
    await provider.readCase(credentialsOf(account), caseId);
    await opened(account);
    const requests = await sandbox.control.requests({ account: account.id });
    const orders = requests.filter(({ method }) => method === 'POST');
    expect(orders.map((request) => request.nth_on_connection)).toEqual([1, 1]);
    expect(new Set(requests.map(({ connection }) => connection)).size).toBe(3);
    expect(orders.every(({ path }) => path.endsWith('/order-package/'))).toBe(true);
  });

  it('finds every case when new ones appear between pages, and fails when some vanish [E11]', async () => {
    const account = await anAccount(sandbox);
    const options = { account: account.id, email_address: 'ada@example.org', created: '2026-10-01T10:00:00.000Z' };
    await Promise.all(Array.from({ length: 150 }, () => sandbox.control.createPortalCase(options)));
    await sandbox.control.fault({ account: account.id, kind: 'page-shift', by: 3 });
    expect(await provider.findOrders(credentialsOf(account), {})).toHaveLength(150);
    await sandbox.control.fault({ account: account.id, kind: 'page-shift', by: -3 });
    const retry = { remedy: 'retry', reason: 'nonsense' };
    await expect(provider.findOrders(credentialsOf(account), {})).rejects.toMatchObject(retry);
    await sandbox.control.fault({ account: account.id, kind: 'page-shift', by: -60 });
    await expect(provider.findOrders(credentialsOf(account), {})).rejects.toMatchObject(retry);
  });

  it('reads packages, reports and events that have only the guessed fields', async () => {
    const names = {
      package_fields: 'id',
      report_field_names: 'guessed',
      webhook_variant: 'wild',
      report_absent_ms: 500,
    };
    const account = await anAccount(sandbox, names);
    const credentials = credentialsOf(account);
    const [first] = await provider.listPackages(credentials);
    expect(first).toEqual({ id: account.packages[0]?.id, name: account.packages[0]?.id, active: true });
    const caseId = await opened(account);
    await sandbox.control.act(caseId, 'set', { status: 'COMPLETE', score: 'CLEAR' });
    const { webhookEvents } = await provider.readEvents(credentials, null);
    expect(webhookEvents).toEqual([
      { eventId: expect.any(String) as string, eventType: 'CASE_STATUS_CHANGED', caseId },
    ]);
    const reportId = await provider.requestReport(credentials, caseId);
    expect(await provider.readReport(credentials, reportId)).toEqual({ state: 'pending' });
    const url = await eventually('The report was not made', async () => {
      const report = await provider.readReport(credentials, reportId);
      return report.state === 'ready' ? report.url : null;
    });
    expect(await text((await provider.openReport(url)).stream.setEncoding('latin1'))).toMatch(/^%PDF/);
  });

  it('refuses a report address inside our own network [E17]', async () => {
    const account = await anAccount(sandbox, { report_url_override: 'http://169.254.169.254/latest', report_ms: 0 });
    const credentials = credentialsOf(account);
    const reportId = await provider.requestReport(credentials, await opened(account));
    const report = await provider.readReport(credentials, reportId);
    const url = report.state === 'ready' ? report.url : '';
    expect(url).toContain('169.254');
    await expect(provider.openReport(url)).rejects.toMatchObject({ remedy: 'give_up', reason: 'unusable' });
  });

  it('answers the handshake and verifies Certn’s signature over the exact bytes [R-90, R-91, A1, A2]', async () => {
    const received: { body: Buffer; signature: string }[] = [];
    const endpoint = createServer((request, response) => {
      const challenge = new URL(request.url ?? '', 'http://endpoint').searchParams.get('challenge') ?? undefined;
      const signature = provider.signatureIn(request.headers) ?? '';
      void buffer(request).then((body) => {
        if (request.method === 'POST') received.push({ body, signature });
        response.setHeader('Content-Type', 'text/plain').setHeader('X-Content-Type-Options', 'nosniff');
        response.end(provider.answerHandshake(challenge) ?? '');
      });
    });
    await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
    const account = await anAccount(sandbox);
    const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/certn/certnWebhookHandler`;
    const webhook = await sandbox.control.registerWebhook(account.id, url);
    expect(webhook.last_handshake).toMatchObject({ ok: true });
    const caseId = await opened(account);
    await sandbox.control.act(caseId, 'set', { status: 'COMPLETE', score: 'CLEAR' });
    const { body, signature } = await eventually('Nothing was delivered', async () => received[0] ?? null);
    expect(provider.verifyWebhook(body, signature, [account.webhook_secret])).toBe(true);
    expect(provider.verifyWebhook(Buffer.concat([body, Buffer.from(' ')]), signature, [account.webhook_secret])).toBe(
      false,
    );
    expect(provider.readWebhook(body)).toMatchObject({ caseId, eventType: 'CASE_STATUS_CHANGED' });
    await new Promise((resolve) => endpoint.close(resolve).closeAllConnections());
  });
});
