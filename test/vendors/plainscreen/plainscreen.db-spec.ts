import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { sql } from 'kysely';
import { CancelCase, GetCase, GetOrder, OpenReport, PlaceOrder } from '../../../src/contexts/integrations/contract.js';
import { Connect } from '../../../src/contexts/integrations/connections/application/connect.js';
import { ListPackages } from '../../../src/contexts/integrations/connections/application/packages.js';
import { TryConnection } from '../../../src/contexts/integrations/connections/application/try-connection.js';
import { StartScheduledTasks } from '../../../src/contexts/integrations/cases/application/watching/start-scheduled-tasks.js';
import { sign } from '../../../src/contexts/integrations/vendors/certn/certn-webhook.js';
import { Caller } from '../../../src/kernel/caller.js';
import type { Id } from '../../../src/kernel/id.js';
import { Reader } from '../../../src/platform/config/reader.js';
import { usualCapabilities } from '../../support/fake-vendor.js';
import { VirtualDay } from '../../support/virtual-day.js';
import { plainscreen } from './index.js';
import { signed } from './plainscreen-webhook.js';
import { StandIn, type StandInAccount } from './stand-in.js';

const anId = (): Id => randomUUID() as string as Id;
const webhookSecret = 'plain-secret';
const email = 'ada@example.org';

/** The whole service with one more vendor on its list. Nothing else of the service knows that vendor. */
describe('a team at a second vendor', () => {
  const standIn = new StandIn();
  const teamId = anId();
  const caller = new Caller(
    teamId,
    { id: anId(), name: 'Ada' },
    'admin',
    { kind: 'all_but', jobIds: [] },
    new Map(),
    [],
  );
  let account: StandInAccount;
  let day: VirtualDay;
  let service: string;

  beforeAll(async () => {
    const settings = new Reader({ PLAINSCREEN_URL: await standIn.start() });
    account = standIn.addAccount([{ code: 'basic', title: 'Basic', retired: false }]);
    day = new VirtualDay(usualCapabilities, [plainscreen(settings)]);
    await day.begin({ requestsPerMinute: 60, requestsPerDay: 7220 });
    await day.app.listen(0, '127.0.0.1');
    service = await day.app.getUrl();
    const secrets = { apiKey: account.key, webhookSecret };
    await run(new Connect(caller, 'plainscreen', secrets));
    await day.app.get(StartScheduledTasks).ensure();
  }, 60_000);
  afterAll(async () => {
    await day.end();
    await standIn.stop();
  });

  const run = (command: object): Promise<unknown> => day.app.get(CommandBus).execute(command);
  const ask = (query: object): Promise<unknown> => day.app.get(QueryBus).execute(query);
  const ordered = async (): Promise<{ orderId: Id; ref: string }> => {
    const orderId = anId();
    await run(new PlaceOrder(teamId, orderId, 'plainscreen', 'basic', email));
    await day.work();
    return { orderId, ref: account.byOrder.get(orderId) ?? '' };
  };
  const move = (ref: string, fields: object): void => void Object.assign(account.screenings.get(ref) ?? {}, fields);
  const post = async (url: string, payload: string, headers: IncomingHttpHeaders): Promise<number> => {
    const request = { method: 'POST', headers: headers as Record<string, string>, body: payload };
    const { status } = await fetch(new URL(url, service), request);
    await day.work();
    return status;
  };
  const deliver = (ref: string, secret = webhookSecret): Promise<number> => {
    const payload = JSON.stringify({ message: randomUUID(), topic: 'screening.moved', screening: ref });
    return post('/plainscreen/events', payload, signed(Buffer.from(payload), secret));
  };

  it('connects without a region, and has the tasks that the vendor can serve', async () => {
    const connection = await day.db.first(sql`
      select vendor, region, environment, state from integrations.connection c
      cross join lateral (select case when attention is null then 'enabled' end as state) s where team_id = ${teamId}`);
    expect(connection).toEqual({ vendor: 'plainscreen', region: '', environment: 'production', state: 'enabled' });
    const tasks = await day.db.rows(sql`select kind from integrations.scheduled_task where team_id = ${teamId}`);
    expect(tasks).toEqual([{ kind: 'sweep' }]);
  });

  it('leaves a task alone that the vendor cannot serve, and that another release made', async () => {
    await day.db.affected(sql`
      insert into integrations.scheduled_task (team_id, connection_id, kind, due_at, interval_seconds)
      select team_id, id, 'comparison', now(), 86400 from integrations.connection where team_id = ${teamId}`);
    await day.work();
    const task = await day.db.first(sql`
      select due_at > now() + interval '23 hours' as waits from integrations.scheduled_task
      where team_id = ${teamId} and kind = 'comparison'`);
    expect(task).toEqual({ waits: true });
    await day.db.affected(
      sql`delete from integrations.scheduled_task where kind = 'comparison' and team_id = ${teamId}`,
    );
  });

  it('tests the connection and lists packages in words with the name of the vendor', async () => {
    expect(await ask(new TryConnection(caller, 'plainscreen'))).toMatchObject([
      { name: 'api_key', detail: 'Plainscreen accepts the saved API key.' },
      { name: 'packages', detail: '1 of 1 packages can be ordered.' },
      { name: 'webhook', state: 'waiting', detail: expect.stringContaining('first event from Plainscreen') as string },
    ]);
    expect(await ask(new ListPackages(caller, 'plainscreen', false))).toMatchObject({
      packages: [{ id: 'basic', name: 'Basic' }],
    });
  });

  it('refuses a key with the sentence of the vendor', async () => {
    const wrong = new Connect(caller, 'plainscreen', { apiKey: 'wrong', webhookSecret });
    await expect(run(wrong)).rejects.toMatchObject({
      reason: 'api_key_rejected',
      message: 'Plainscreen rejected this API key. It may have been revoked.',
    });
  });

  it('orders with the id of the order as the key, and follows the case by webhook', async () => {
    const { orderId, ref } = await ordered();
    expect(ref).toMatch(/^scr_/);
    expect(await ask(new GetOrder(teamId, orderId))).toMatchObject({ state: 'ordered', caseId: ref });
    move(ref, { phase: 'done', verdict: 'amber' });
    expect(await deliver(ref)).toBe(200);
    expect(await ask(new GetCase(teamId, orderId))).toMatchObject({ state: 'complete', result: 'review' });
  });

  it('gets no event with another secret, nor through the endpoint of another vendor in its words', async () => {
    const { orderId, ref } = await ordered();
    move(ref, { phase: 'viewed' });
    expect(await deliver(ref, 'another')).toBe(401);
    const payload = JSON.stringify({ id: 'e-1', event_type: 'MOVED', object_id: ref, object_type: 'CASE' });
    const headers = { 'x-signature': sign(Buffer.from(payload), webhookSecret) };
    // Ignored, because no case of that vendor has this id.
    expect(await post(day.vendor.path, payload, headers)).toBe(200);
    expect(await ask(new GetCase(teamId, orderId))).toMatchObject({ state: 'ordered' });
    expect(await deliver(ref)).toBe(200);
    expect(await ask(new GetCase(teamId, orderId))).toMatchObject({ state: 'opened' });
  });

  it('cancels a case, and is told where its report is', async () => {
    const { orderId } = await ordered();
    expect(await run(new CancelCase(teamId, orderId))).toEqual({ kind: 'accepted' });
    await day.work();
    expect(await ask(new GetCase(teamId, orderId))).toMatchObject({ state: 'cancelled' });
    await expect(run(new OpenReport(teamId, orderId, 'plainscreen'))).rejects.toMatchObject({
      reason: 'results_not_available',
      message: 'Plainscreen offers no report to download. Open the report in Plainscreen.',
    });
  });

  it('gets an order whose answer was lost by sending it again with the same id', async () => {
    account.fault = { how: 'reset', after: true };
    const { orderId, ref } = await ordered();
    expect(await ask(new GetOrder(teamId, orderId))).toMatchObject({ state: 'in_doubt' });
    account.fault = null;
    const before = account.screenings.size;
    await day.db.affected(sql`
      update integrations.order
      set reconcile_at = reconcile_at - interval '1 hour', visible_at = visible_at - interval '1 hour' where id = ${orderId}`);
    for (const entry of day.agenda.entries) entry.at = 0;
    await day.work();
    expect(await ask(new GetOrder(teamId, orderId))).toMatchObject({ state: 'ordered', caseId: ref });
    expect(account.screenings.size).toBe(before);
  });
});
