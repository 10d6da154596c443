import type { INestApplicationContext } from '@nestjs/common';

import { sql } from 'kysely';
import { v7 } from 'uuid';
import type { Id } from '#kernel/id';
import { UnitOfWork } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { createApp } from '../../../../app.js';
import { environmentOfOwner } from '../../../../../test/support/environment.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { BackgroundCheck } from '../../domain/background-check.js';
import { Checks, SlotTaken } from '../../domain/ports.js';
import type { CaseSnapshot, OrderStatus } from '../../domain/order-status.js';

let database: TestDatabase;
let app: INestApplicationContext;
let unitOfWork: UnitOfWork;
let checks: Checks;
beforeAll(async () => {
  database = await createTestDatabase();
  Object.assign(process.env, environmentOfOwner(database.url));
  app = await (await createApp()).init();
  unitOfWork = app.get(UnitOfWork);
  checks = app.get(Checks);
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

const now = new Date('2026-10-01T14:00:00.123Z');

describe('checks in Postgres', () => {
  it('come back as they were saved', async () => {
    const check = await aSavedCheck();
    const found = await unitOfWork.run(() => checks.get(check.teamId, check.id));
    expect(found).toBeInstanceOf(BackgroundCheck);
    expect(found).toMatchObject({ status: 'requested', requestedAt: now, holdsSlot: true, revision: 1, caseId: null });
    found.recordCase(aSnapshot(1), now);
    expect(found.releaseHistory()).toMatchObject([{ revision: 2 }]);
  });

  it('belong to one team: another team, an unknown id and nonsense are 404', async () => {
    const check = await aSavedCheck();
    for (const [teamId, id] of [
      [v7(), check.id],
      [check.teamId, v7()],
      [check.teamId, 'nonsense'],
    ] as const) {
      await expect(unitOfWork.run(() => checks.get(teamId, id))).rejects.toMatchObject({ reason: 'not_found' });
    }
  });

  it('have one holder per slot; an ended check releases it and a reopened one does not take it back', async () => {
    const first = await aSavedCheck();
    const second = aRequest({ teamId: first.teamId, applicationId: first.applicationId, itemId: first.jobStageItemId });
    await expect(unitOfWork.run(() => checks.add(second))).rejects.toThrow(SlotTaken);
    expect(await holder(first)).toBe(first.id);
    await change(first, (check) => check.recordCase(aSnapshot(1, 'complete'), now));
    expect(await holder(first)).toBeNull();
    const third = aRequest({ teamId: first.teamId, applicationId: first.applicationId, itemId: first.jobStageItemId });
    await unitOfWork.run(() => checks.add(third));
    await change(first, (check) => check.recordCase(aSnapshot(2, 'in_dispute'), now));
    expect(await holder(first)).toBe(third.id);
  });

  it('keep the cases that a person must choose from [E10]', async () => {
    const check = await aSavedCheck();
    expect((await found(check)).failureCandidates).toEqual([]);
    await change(check, (one) => one.recordOrder(undecided, now));
    expect(await found(check)).toMatchObject({ status: 'needs_decision', failureCandidates: ['a', 'b "quoted", {c}'] });
    await change(check, (one) => one.recordCase(aSnapshot(1), now));
    expect((await found(check)).failureCandidates).toEqual([]);
  });

  it('are replaced once; a later replacement is refused [R-75]', async () => {
    const first = await aSavedCheck();
    await change(first, (check) => check.recordCase(aSnapshot(1, 'expired'), now));
    const { teamId, applicationId, jobStageItemId: itemId, id: replacesId } = first;
    const ids = { teamId, applicationId, itemId };
    const second = aRequest({ ...ids, replacesId });
    await unitOfWork.run(() => checks.add(second));
    await change(second, (check) => check.recordCase(aSnapshot(1, 'expired'), now));
    const third = unitOfWork.run(() => checks.add(aRequest({ ...ids, replacesId })));
    await expect(third).rejects.toMatchObject({ reason: 'changed_meanwhile' });
  });

  it('are not saved over what another transaction saved in between', async () => {
    const saved = await aSavedCheck();
    const conflict = unitOfWork.run(async () => {
      const check = await checks.get(saved.teamId, saved.id);
      check.requestCancel(v7(), now);
      await outside(saved);
      await checks.save(check);
    });
    await expect(conflict).rejects.toMatchObject({ reason: 'changed_meanwhile' });
    expect(await historyOf(saved)).toEqual(['requested']);
  });

  it('carry the transaction of every save, and append history with it or not at all', async () => {
    const saved = await aSavedCheck();
    const first = await changedXid(saved);
    await change(saved, (check) => check.recordCase(aSnapshot(1), now));
    const second = await changedXid(saved);
    expect(second).toBeGreaterThan(first);
    const failing = change(saved, (check) => {
      check.recordCase(aSnapshot(2, 'complete'), now);
      return Promise.reject(new Error('afterwards'));
    });
    await expect(failing).rejects.toThrow('afterwards');
    expect(await changedXid(saved)).toBe(second);
    expect(await historyOf(saved)).toEqual(['requested', 'status_changed']);
  });
});

interface Ids {
  teamId?: string;
  applicationId?: string;
  itemId?: string;
  replacesId?: string;
}

const aRequest = (ids: Ids = {}): BackgroundCheck =>
  BackgroundCheck.request(
    {
      teamId: ids.teamId ?? v7(),
      id: v7() as Id,
      applicationId: (ids.applicationId ?? v7()) as Id,
      candidateId: v7() as Id,
      jobId: v7() as Id,
      jobStageItemId: (ids.itemId ?? v7()) as Id,
      packageId: 'package',
      packageName: 'Basic',
      sentTo: 'ada@example.org',
      requestedBy: v7(),
      replacesId: ids.replacesId ?? null,
    },
    now,
  );

async function aSavedCheck(): Promise<BackgroundCheck> {
  const check = aRequest();
  await unitOfWork.run(() => checks.add(check));
  return check;
}

function change(saved: BackgroundCheck, work: (check: BackgroundCheck) => void | Promise<void>): Promise<void> {
  return unitOfWork.run(async () => {
    const check = await checks.get(saved.teamId, saved.id);
    const after = work(check);
    await checks.save(check);
    await after;
  });
}

const found = (check: BackgroundCheck) => unitOfWork.run(() => checks.get(check.teamId, check.id));

const undecided: OrderStatus = {
  state: 'needs_decision',
  message: null,
  connectionActionRequired: false,
  candidates: ['a', 'b "quoted", {c}'],
  caseId: null,
  environment: 'production',
  portalUrl: 'https://client.certn.co/ca',
};

const holder = (of: BackgroundCheck) => checks.holderOfSlot(of.teamId, of.applicationId, of.jobStageItemId);

/** Saves through another connection, while this one is inside its transaction. */
async function outside(check: BackgroundCheck): Promise<void> {
  const { default: pg } = await import('pg');
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  await other.query('update background_checks.background_check set version = version + 1 where id = $1', [check.id]);
  await other.end();
}

async function changedXid(check: BackgroundCheck): Promise<bigint> {
  const row = await app.get(Database).first<{ xid: string }>(sql`
    select changed_xid::text as xid from background_checks.background_check where id = ${check.id}`);
  return BigInt(row?.xid ?? 0);
}

async function historyOf(check: BackgroundCheck): Promise<string[]> {
  const rows = await app.get(Database).rows<{ kind: string }>(sql`
    select kind from background_checks.history_entry where check_id = ${check.id} order by revision`);
  return rows.map(({ kind }) => kind);
}

const aSnapshot = (revision: number, state: CaseSnapshot['state'] = 'invited'): CaseSnapshot => ({
  caseId: 'case',
  shortId: null,
  state,
  result: null,
  vendorStatus: 'WORD',
  vendorScore: null,
  environment: 'sandbox',
  portalUrl: 'https://client.certn.co/ca',
  revision,
  confirmedAt: now,
});
