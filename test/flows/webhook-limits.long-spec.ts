import { type RunningApp, startApp } from '../support/app.js';
import { aTeam, type Person } from '../support/people.js';
import { withDatabase } from '../support/scheduled-tasks.js';
import { allTypes, anEndpoint, readEndpoint, sendTest, testedOnce } from '../support/webhook-endpoints.js';
import { receiverNetwork, WebhookReceiver } from '../support/webhook-receiver.js';

let app: RunningApp;
let receiver: WebhookReceiver;
let admin: Person;
let paths = 0;

beforeAll(async () => {
  app = await startApp({ env: receiverNetwork });
  ({ admin } = await aTeam(app));
  receiver = await new WebhookReceiver().start();
});
afterEach(() => {
  receiver.answer = (response) => void response.writeHead(204).end();
});
afterAll(async () => {
  await app?.close();
  await receiver?.stop();
});

/** A path of the receiver that no other test uses. */
const aPath = (): string => `/limits-${(paths += 1)}`;

describe('An endpoint', () => {
  it('whose attempts all failed for five days is switched off with the next one', async () => {
    const path = aPath();
    receiver.answer = (response, { path: at }) => void response.writeHead(at === path ? 503 : 204).end();
    const endpoint = await anEndpoint(admin, `${receiver.url}${path}`);
    const failsSince = (days: number): Promise<unknown> =>
      withDatabase(app, (db) =>
        db.query(`update webhook_endpoints.endpoint set failing_since = now() - $2::interval where id = $1`, [
          endpoint.id,
          `${days} days`,
        ]),
      );
    await failsSince(4.9);
    await testedOnce(admin, endpoint);
    expect(await readEndpoint(admin, endpoint)).toMatchObject({ disabled: false });
    await failsSince(5);
    await testedOnce(admin, endpoint);
    expect(await readEndpoint(admin, endpoint)).toMatchObject({ disabled: true, disabled_reason: 'failing' });
    await admin.patch(`/webhook_endpoints/${endpoint.id}`, { disabled: false });
    expect(await readEndpoint(admin, endpoint)).toMatchObject({ disabled: false, failing_since: null });
  });

  it('is one of twenty at most', async () => {
    const { admin: another } = await aTeam(app);
    const made = await Promise.all(
      Array.from({ length: 22 }, () =>
        another.post('/webhook_endpoints', { url: `${receiver.url}/many`, event_types: allTypes }),
      ),
    );
    const refused = made.filter(({ status }) => status !== 201);
    expect(refused.map(({ status, body }) => [status, body['reason']])).toEqual([
      [409, 'too_many_endpoints'],
      [409, 'too_many_endpoints'],
    ]);
  });
});

it('A hanging endpoint delays no other one of its team', async () => {
  const [slow, quick] = [aPath(), aPath()];
  const hanging: (() => void)[] = [];
  receiver.answer = (response, { path }) => {
    if (path === slow) hanging.push(() => response.writeHead(204).end());
    else response.writeHead(204).end();
  };
  const [stuck, other] = [await anEndpoint(admin, receiver.url + slow), await anEndpoint(admin, receiver.url + quick)];
  for (let nth = 0; nth < 9; nth += 1) await sendTest(admin, stuck);
  await receiver.gets('as many as one endpoint gets at a time', slow, (all) => all.length === 8);
  const begun = performance.now();
  expect(await testedOnce(admin, other)).toMatchObject({ status: 'succeeded' });
  expect(performance.now() - begun).toBeLessThan(3_000);
  expect(receiver.at(slow)).toHaveLength(8);
  for (const end of hanging.splice(0)) end();
  await receiver.gets('the ninth', slow, (all) => all.length === 9);
  for (const end of hanging.splice(0)) end();
});
