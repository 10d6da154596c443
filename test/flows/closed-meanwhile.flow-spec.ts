import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startApp, type RunningApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import {
  aTeamWithoutInvitations,
  attemptsOf,
  ledgerOf,
  sends,
  startAppWithShortTimeouts,
} from '../support/lost-answers.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { type ConnectedTeam, reaches, readyToSend, send } from '../support/fixtures.js';
import { waitingStatements } from '../support/waiting-statements.js';

const closes = async (team: ConnectedTeam, applicationId: string, status: string): Promise<void> => {
  const answer = await team.admin.patch(`/applications/${applicationId}`, { status });
  expect(answer.status).toBe(200);
};

const closedUnsent = { status: 'not_sent', failure: { reason: 'application_closed' } };

describe('An application that is closed before its check was sent', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let database: pg.Client;
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'certn-'));
    sandbox = await startSandbox({ dataDir });
    app = await startAppWithShortTimeouts(sandbox);
    database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database?.end();
    await app?.close();
    await sandbox?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it.each(['rejected', 'hired'])('withdraws the waiting order with a reason and never sends it: %s', async (status) => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    const port = Number(new URL(sandbox.url).port);
    const ready = await readyToSend(team);
    await sandbox.stop();
    try {
      const { id } = (await send(team.admin, ready)).body;
      await closes(team, ready.applicationId, status);
      expect(await reaches(team, id, 'not_sent')).toMatchObject(closedUnsent);
      await closes(team, ready.applicationId, 'active');
    } finally {
      await sandbox.start(port);
    }
    // The account works again. Only what is sent now arrives.
    const { id: next } = await sends(team);
    await reaches(team, next, 'sent');
    expect([(await ledgerOf(team)).length, (await attemptsOf(team)).length]).toEqual([1, 1]);
  });

  it('is checked again right before the order is sent, when the event about it is late', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    const port = Number(new URL(sandbox.url).port);
    const ready = await readyToSend(team);
    await sandbox.stop();
    let id = '';
    try {
      id = (await send(team.admin, ready)).body.id;
      await eventually(
        'it was tried',
        async () => (await database.query('select 1 from integrations.order where id = $1', [id])).rowCount,
        (orders) => orders === 1,
      );
      // As if the event were late: the application is closed, and its event handler has not run.
      await database.query("update hiring.application set status = 'rejected' where id = $1", [ready.applicationId]);
    } finally {
      await sandbox.start(port);
    }
    expect(await reaches(team, id, 'not_sent', 20_000)).toMatchObject(closedUnsent);
    expect(await ledgerOf(team)).toEqual([]);
  });

  it('causes no order when it is closed while no worker runs', async () => {
    const api = await startApp({ env: { CERTN_BASE_URL: sandbox.url, ROLE: 'api' } });
    const team = await aTeamWithoutInvitations(api, sandbox);
    const ready = await readyToSend(team);
    const { id } = (await send(team.admin, ready)).body;
    await closes(team, ready.applicationId, 'rejected');
    const worker = await startApp({ databaseUrl: api.databaseUrl, env: { CERTN_BASE_URL: sandbox.url, ROLE: 'all' } });
    try {
      expect(await reaches(team, id, 'not_sent')).toMatchObject(closedUnsent);
      expect(await attemptsOf(team)).toEqual([]);
    } finally {
      await worker.close();
      await api.close();
    }
  });

  it('refuses the send when it is closed between the validation and the commit', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    const ready = await readyToSend(team);
    // The commit begins with a lookup of an earlier response to the key. It is blocked here, after the validation.
    await database.query('begin');
    await database.query('lock table background_checks.idempotency_record in access exclusive mode');
    const sending = send(team.admin, ready, {}, { 'Idempotency-Key': 'validated-before' });
    await eventually('the request waits to commit', () => waitingStatements(database, 'idempotency_record'), Boolean);
    await closes(team, ready.applicationId, 'rejected');
    await database.query('commit');
    expect(await sending).toMatchObject({ status: 409, body: { reason: 'application_not_active' } });
    expect(await ledgerOf(team)).toEqual([]);
  });

  it('causes no order when it is closed during the commit: the job of the order sees it', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    const ready = await readyToSend(team);
    await database.query('begin');
    await database.query('lock table background_checks.background_check in exclusive mode');
    const sending = send(team.admin, ready);
    await eventually(
      'the request waits to insert',
      () => waitingStatements(database, 'insert into%background_check'),
      Boolean,
    );
    await closes(team, ready.applicationId, 'rejected');
    await database.query('commit');
    const { status, body } = await sending;
    expect(status).toBe(201);
    expect(await reaches(team, body.id, 'not_sent')).toMatchObject(closedUnsent);
    expect(await ledgerOf(team)).toEqual([]);
  });

  it('does not stop a check that is already at Certn', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    const { id, applicationId } = await sends(team);
    await reaches(team, id, 'sent');
    await closes(team, applicationId, 'rejected');
    const { id: marker } = await sends(team);
    await reaches(team, marker, 'sent');
    expect(await reaches(team, id, 'sent')).toMatchObject({ failure: null });
  });
});
