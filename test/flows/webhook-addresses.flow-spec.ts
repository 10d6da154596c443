import { type RunningApp, startApp } from '../support/app.js';
import { aTeam, type Person } from '../support/people.js';
import { closedPort } from '../support/raw-server.js';
import { withDatabase } from '../support/scheduled-tasks.js';
import { allTypes, anEndpoint, testedOnce } from '../support/webhook-endpoints.js';
import { receiverNetwork, WebhookReceiver } from '../support/webhook-receiver.js';

let app: RunningApp;
let admin: Person;
let receiver: WebhookReceiver;

beforeAll(async () => {
  receiver = await new WebhookReceiver().start();
});
afterAll(() => receiver?.stop());

async function started(env: Record<string, string>): Promise<void> {
  app = await startApp({ env });
  ({ admin } = await aTeam(app));
}
const save = async (url: string) => {
  const { status, body } = await admin.post('/webhook_endpoints', { url, event_types: allTypes });
  return [status, body['reason']];
};

describe('Without a private network that is allowed', () => {
  beforeAll(() => started({ OUTBOUND_ALLOWED_NETWORKS: '' }));
  afterAll(() => app?.close());

  it.each([
    'http://127.0.0.1:8080/',
    'https://127.0.0.1/',
    'https://localhost/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://10.0.0.8/',
    'https://192.168.1.1/hook',
    'https://172.16.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://100.64.0.1/',
    'https://0.0.0.0/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'http://8.8.8.8/',
    'ftp://8.8.8.8/',
    'javascript:alert(1)',
    'hooks',
    // secretlint-disable-next-line -- an address that must be refused
    'https://user:word@8.8.8.8/',
    'https://8.8.8.8/#part',
  ])('%s is refused', async (url) => {
    expect(await save(url)).toEqual([422, 'address_not_allowed']);
  });

  it('one of more than 2,048 characters is refused', async () => {
    expect(await save(`https://8.8.8.8/${'x'.repeat(2_040)}`)).toEqual([422, 'invalid_request']);
  });

  it('a public address with https is saved', async () => {
    expect(await save('https://8.8.8.8/hook')).toEqual([201, undefined]);
  });

  it('one that became private since it was saved is not sent to', async () => {
    const endpoint = await anEndpoint(admin, 'https://8.8.8.8/hook');
    for (const url of [receiver.url, receiver.url.replace('127.0.0.1', 'localhost'), `https://localhost:1/`]) {
      await withDatabase(app, (db) =>
        db.query('update webhook_endpoints.endpoint set url = $2 where id = $1', [endpoint.id, url]),
      );
      expect(await testedOnce(admin, endpoint)).toMatchObject({
        ...{ status: 'failed', http_status: null },
        error: 'The address is not allowed: it is in a private network, or not https.',
      });
    }
    expect(receiver.received).toEqual([]);
  });
});

describe('An endpoint that misbehaves', () => {
  beforeAll(() => started({ ...receiverNetwork, WEBHOOK_TIMEOUT_MS: '400' }));
  afterAll(() => app?.close());

  const answers = async (answer: WebhookReceiver['answer']) => {
    receiver.answer = answer;
    return testedOnce(admin, await anEndpoint(admin, `${receiver.url}/misbehaves`));
  };

  it('is not followed to another address', async () => {
    const attempt = await answers(
      (response) => void response.writeHead(307, { location: `${receiver.url}/elsewhere` }).end(),
    );
    expect(attempt).toMatchObject({
      status: 'failed',
      http_status: 307,
      error: 'The endpoint answered 307: redirects are not followed.',
    });
    expect(receiver.at('/elsewhere')).toEqual([]);
  });

  it('has a limited time for its answer', async () => {
    const attempt = await answers(() => undefined);
    expect(attempt).toMatchObject({
      status: 'failed',
      http_status: null,
      error: 'The endpoint did not answer in time.',
    });
    expect(attempt.duration_ms).toBeGreaterThanOrEqual(350);
  });

  it('may answer 3 MB, of which next to nothing is read and nothing is kept', async () => {
    let written = 0;
    const piece = Buffer.alloc(64 * 1024, 'personal words ');
    const attempt = await answers((response) => {
      response.writeHead(500, { 'content-type': 'text/plain' });
      const more = (): void => {
        if (written >= 3 * 1024 * 1024 || response.destroyed) return void response.end();
        written += piece.length;
        response.write(piece, more);
      };
      more();
    });
    expect(attempt).toMatchObject({ status: 'failed', http_status: 500, error: 'The endpoint answered 500.' });
    const kept = await withDatabase(
      app,
      async (db) => (await db.query('select * from webhook_endpoints.attempt')).rows as object[],
    );
    expect(JSON.stringify(kept)).not.toContain('personal words');
  });

  it('that answers 200 and never ends its body has succeeded', async () => {
    expect(await answers((response) => void response.writeHead(200).write('a'))).toMatchObject({
      status: 'succeeded',
      http_status: 200,
    });
  });

  it('that closes the connection, or is not there, is unreachable', async () => {
    const closed = await answers((response) => void response.destroy());
    const nobody = await testedOnce(admin, await anEndpoint(admin, await closedPort()));
    for (const attempt of [closed, nobody])
      expect(attempt).toMatchObject({ status: 'failed', error: 'The endpoint could not be reached.' });
  });
});
