import { randomUUID } from 'node:crypto';
import { rowsWith } from '../support/every-row.ts';
import { commitOf, orderAnswer } from './moments.ts';
import type { Match } from './fault-proxy.ts';
import type { Replica } from './replica.ts';
import { patience, type Harness, startHarness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';

interface Person {
  id: string;
  candidateId: string;
  applicationId: string;
  caseId: string;
  identifyingFields: string[];
}

/** Candidates are erased everywhere, by rule and by hand, even when a replica dies during the erasure. */
describe('anonymising', () => {
  let harness: Harness;
  let team: HarnessTeam;

  beforeAll(async () => {
    harness = await startHarness();
    team = await harness.team();
  }, patience);
  afterEach(() => harness?.calm(), patience);
  afterAll(() => harness?.close(), patience);

  /** A candidate with a check in progress and a unique name. */
  async function invited(): Promise<Person> {
    const { id, caseId, applicant } = await team.invited();
    return known(id, caseId, applicant);
  }

  async function known(id: string, caseId: string, to: { applicationId: string; email: string }): Promise<Person> {
    const { applicationId, email } = to;
    const { candidate_id: candidateId } = await team.admin.must<{ candidate_id: string }>(
      'GET',
      `/background_checks/${id}`,
    );
    const name = `Quux${randomUUID().slice(0, 8)}`;
    await team.admin.must('PATCH', `/candidates/${candidateId}`, { last_name: name });
    const { short_id } = await harness.certn.control.case(caseId);
    return { id, candidateId, applicationId, caseId, identifyingFields: [name, email, caseId, short_id] };
  }

  /** Its first webhook event arrives before the order's answer, so the case is unmatched for a while. */
  async function announcedEarly(): Promise<Person> {
    const held = harness.holdAtCertn(orderAnswer);
    const applicant = await team.applicant();
    const id = await team.sendSurely(applicant);
    const { release } = await held;
    await harness.until(
      'the unmatched case is stored',
      () => harness.rows(`select 1 from integrations.unmatched_case`),
      ({ length }) => length > 0,
    );
    release();
    const { vendor } = await team.reaches(id, 'invited');
    return known(id, vendor.case_id ?? '', applicant);
  }

  /** A job about this check fails on its last retry and becomes a dead letter. */
  async function makeDeadLetter({ id, caseId }: Person): Promise<void> {
    await team.fault('status', { status: 500, times: null }, 'case');
    await team.notifySurely(caseId);
    await harness.until(
      'there is a dead letter',
      async () => {
        await harness.rows(
          `update queue.job set retry_limit = retry_count, start_after = now()
           where state = 'retry' and data->>'orderId' = $1`,
          [id],
        );
        return deadLettersOf(id);
      },
      ({ length }) => length > 0,
    );
    await harness.certn.control.clearFaults();
  }

  const deadLettersOf = (id: string): Promise<object[]> =>
    harness.rows(`select data from queue.job where name = 'dead-letters' and data->>'orderId' = $1`, [id]);

  const rowsAbout = ({ identifyingFields }: Person): Promise<string[]> =>
    rowsWith(harness.databaseUrl, identifyingFields);

  const isErased = (person: Person, withinMs: number): Promise<unknown> =>
    harness.until(
      'no table holds an identifying field of the candidate',
      () => rowsAbout(person),
      (rows) => rows.length === 0,
      withinMs,
    );

  it(
    'the retention rule erases a due candidate from every table, the queue and the dead letters, and keeps one under legal hold [F9]',
    async () => {
      const [due, held] = [await announcedEarly(), await invited()];
      await makeDeadLetter(due);
      for (const { applicationId } of [due, held])
        await team.admin.must('PATCH', `/applications/${applicationId}`, { status: 'rejected' });
      await team.admin.must('PUT', `/candidates/${held.candidateId}/legal_hold`, { held: true });
      await team.admin.must('PUT', '/retention_rule', { months: 6 });
      const ids = [[due.candidateId, held.candidateId]];
      await harness.rows(
        `update hiring.application set closed_at = closed_at - interval '7 months' where candidate_id = any($1)`,
        ids,
      );
      await harness.rows(
        `update hiring.candidate set created_at = created_at - interval '7 months' where id = any($1)`,
        ids,
      );
      expect(await team.admin.must('GET', '/retention_rule/due')).toMatchObject([{ id: due.candidateId }]);
      const both = [await rowsAbout(due), await rowsAbout(held)];
      for (const rows of both) expect(rows.length).toBeGreaterThan(5);

      await harness.rows(`update hiring.retention_rule set since = since - interval '8 days', due_at = now()`);
      await isErased(due, 30_000);
      expect((await harness.certn.control.case(due.caseId)).overall_status).toBe('CANCELLED');
      await team.reaches(due.id, 'cancelled');
      expect(await deadLettersOf(due.id)).toHaveLength(1);
      const proofs = await harness.rows(`select candidate_id, by_user_id from hiring.erasure`);
      expect(proofs).toEqual([{ candidate_id: due.candidateId, by_user_id: null }]);

      expect((await team.notifySurely(due.caseId)).status).toBe(200);
      expect(await rowsAbout(due)).toEqual([]);
      expect((await rowsAbout(held)).length).toBeGreaterThan(5);
      expect(await team.check(held.id)).toMatchObject({ status: 'invited', vendor: { case_id: held.caseId } });
    },
    patience,
  );

  const cancelOf =
    (caseId: string): Match =>
    ({ direction, text }) =>
      direction === 'out' &&
      text.startsWith('POST ') &&
      text.split('\r\n', 1)[0]?.includes(`${caseId}/cancel/`) === true;
  const moments: [string, (of: Person) => Promise<Replica>][] = [
    [
      'with the cancellation on the wire, which is then lost',
      ({ caseId }) => harness.killAt(harness.holdAtCertn(cancelOf(caseId)), 'discard'),
    ],
    [
      'with the cancellation on the wire, which still arrives',
      ({ caseId }) => harness.killAt(harness.holdAtCertn(cancelOf(caseId)), 'release'),
    ],
    [
      'with the commit of the candidate’s erasure on the wire, which still arrives',
      () => harness.killAt(harness.holdAtDatabase(commitOf(/insert into hiring\.erasure/i)), 'release'),
    ],
    [
      'with the commit of the case’s erasure on the wire, which is then lost',
      () => harness.killAt(harness.holdAtDatabase(commitOf(/insert into integrations\.erased_case/i)), 'discard'),
    ],
  ];

  describe('a replica is killed while it erases', () => {
    const people = new Map<string, Person>();

    /** Kills one replica after the other and restarts each at once. The tests then wait for the remaining work. */
    beforeAll(async () => {
      for (const [moment, isKilled] of moments) {
        const person = await invited();
        people.set(moment, person);
        const killed = isKilled(person);
        const path = `/candidates/${person.candidateId}/anonymise`;
        const asked = team.admin.post(path).catch(() => null);
        const dead = await killed;
        await asked;
        await team.admin.must('POST', path);
        await dead.start();
      }
    }, patience);

    it.each(moments)(
      '%s: the erasure is completed [F9]',
      async (moment) => {
        const person = people.get(moment);
        if (!person) throw new Error('No candidate was being erased.');
        await isErased(person, 60_000);
        expect((await harness.certn.control.case(person.caseId)).overall_status).toBe('CANCELLED');
        await team.reaches(person.id, 'cancelled');
      },
      patience,
    );
  });
});
