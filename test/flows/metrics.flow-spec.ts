import pg from 'pg';
import { freePort } from '../../scripts/free-port.js';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { type ConnectedTeam, connectedTeam } from '../support/fixtures.js';

describe('metrics for operators', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let team: ConnectedTeam;
  let url: string;

  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}/metrics`;
    sandbox = await startSandbox();
    app = await startApp({ env: { METRICS_PORT: String(port), CERTN_BASE_URL: sandbox.url } });
    team = await connectedTeam(app, sandbox);
  });
  afterAll(async () => {
    await app.close();
    await sandbox.stop();
  });

  const read = async (): Promise<string> => (await fetch(url)).text();
  const ofCertn = (name: string): string => `${name}{vendor="certn"}`;
  const figure = (text: string, name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);

  it('are served on their own port only', async () => {
    const text = await read();
    expect(figure(text, ofCertn('vendor_orders_outcome_unknown'))).toBe(0);
    expect(figure(text, 'jobs_dead_lettered')).toBe(0);
    expect(figure(text, 'process_cpu_seconds_total')).toBeGreaterThan(0);
    expect((await fetch(new URL('/metrics', app.url))).headers.get('content-type')).not.toContain('version=0.0.4');
  });

  it.each([
    ['only from this machine by default', {}, 'refused'],
    ['from other machines where METRICS_HOST is set', { METRICS_HOST: '0.0.0.0' }, 200],
  ])('are reachable %s, whatever address the service has', async (_what, env, expected) => {
    const [port, metrics] = [await freePort(), await freePort()];
    const service = await Service.start(app.databaseUrl, port, {
      HOST: '0.0.0.0',
      METRICS_PORT: String(metrics),
      ...env,
    });
    // All of 127/8 is this machine. A server that listens only on 127.0.0.1 does not answer on another address of it.
    const get = (host: string) => fetch(`http://${host}:${metrics}/metrics`).then(({ status }) => status);
    const answers = [await get('127.0.0.1'), await get('127.0.0.2').catch(() => 'refused')];
    await service.stop('SIGKILL');
    expect(answers).toEqual([200, expected]);
  });

  it('count responses by route, without names of people', async () => {
    await team.admin.get('/candidates?search=ines.okafor%40example.org');
    await team.admin.get('/candidates/11111111-2222-7333-8444-555555555555');
    const route = '/ats/v0/candidates/:id';
    const text = await eventually('the answers are counted', read, (seen) => seen.includes(route));
    expect(text).toContain(`http_request_duration_seconds_count{method="GET",route="${route}",status="404"}`);
    expect(text).not.toContain('okafor');
    expect(text).not.toContain('11111111');
    expect(text).not.toContain(team.teamId);
  });

  it('report accounts whose calls are paused [E8]', async () => {
    expect(figure(await read(), ofCertn('vendor_accounts_paused'))).toBe(0);
    const { id } = team.account;
    await sandbox.control.fault({ account: id, route: 'packages', kind: 'throttle', retry_after: 60 });
    await team.admin.get('/integrations/certn/packages?refresh=true');
    expect(figure(await read(), ofCertn('vendor_accounts_paused'))).toBe(1);
  });

  it('show figures under their former names, too', async () => {
    const text = await read();
    for (const [name, former] of [
      ['jobs_dead_lettered', 'jobs_parked'],
      [ofCertn('vendor_orders_outcome_unknown'), ofCertn('vendor_orders_in_doubt')],
      [ofCertn('vendor_orders_outcome_unknown_oldest_seconds'), ofCertn('vendor_orders_in_doubt_oldest_seconds')],
      [ofCertn('vendor_accounts_paused'), ofCertn('vendor_accounts_held')],
      [ofCertn('vendor_connections_requiring_action'), ofCertn('vendor_connections_needing_attention')],
    ] as const) {
      expect(text).toContain(`\n${name} `);
      expect([former, figure(text, former)]).toEqual([former, figure(text, name)]);
    }
    expect(figure(text, ofCertn('vendor_accounts_held'))).toBe(1);
  });

  it('name a scheduled task that fails; readiness names it too and stays true', async () => {
    const ready = () => fetch(`${app.url}/health/ready`);
    expect(await (await ready()).json()).toEqual({ status: 'ok' });
    const database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
    await database.query(`
      insert into platform.recurring_fault (work, subject, failures, since, failed_at, next_try_at, why)
      values ('round.feed', '${team.teamId}/x', 10, now(), now(), now() + interval '1 hour', 'broken')`);
    const text = await read();
    expect(text).toContain('recurring_work_tried_hourly{work="round.feed"} 1');
    expect(text).toContain('recurring_work_parked{work="round.feed"} 1');
    expect(text).not.toContain(team.teamId);
    const answer = await ready();
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok', recurring_work: 'failing' }]);
    const { body } = await team.admin.get<{ health: { parked_jobs: number } }>('/integrations/certn');
    expect(body.health.parked_jobs).toBe(1);
    await database.query(`delete from platform.recurring_fault`);
    await database.end();
    expect(await read()).not.toContain('work="round.feed"');
  });

  it('warn of an API key that expires within 30 days, as its connection does', async () => {
    expect(figure(await read(), ofCertn('vendor_keys_ending_soon'))).toBe(0);
    const savedAt = new Date(Date.now() - 340.5 * 86_400_000).toISOString();
    const database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
    await database.query(
      `update integrations.connection set api_key = jsonb_set(api_key, '{savedAt}', to_jsonb($1::text)) where team_id = $2`,
      [savedAt, team.teamId],
    );
    await database.end();
    const text = await read();
    expect(figure(text, ofCertn('vendor_keys_ending_soon'))).toBe(1);
    expect(Math.floor(figure(text, ofCertn('vendor_key_days_left')))).toBe(24);
    const { body } = await team.admin.get<{ api_key: { expires_at: string } }>('/integrations/certn');
    expect(Date.parse(body.api_key.expires_at) - Date.parse(savedAt)).toBe(365 * 86_400_000);
  });
});
