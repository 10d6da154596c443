import type { UnitOfWork } from '#kernel/ports';
import type { RequestKey } from '#kernel/request-key';
import type { IdempotencyRecords } from '../../../src/contexts/background-checks/domain/ports.js';
import { anId } from '../../fakes/platform.js';
import { Gate } from '../gates.js';

export interface IdempotencyFixture {
  unitOfWork: UnitOfWork;
  records: IdempotencyRecords;
  /** Lets hours pass for the records of a team. */
  pass(teamId: string, hours: number): Promise<void>;
}

/** The rules that requests with an `Idempotency-Key` rely on. */
export function idempotencyRecordsContract(name: string, open: () => IdempotencyFixture): void {
  describe(`${name}: idempotency records`, () => {
    let fixture: IdempotencyFixture;
    let key: RequestKey;
    const answer = { id: 'check', sent_to: 'ada@example.org', failure: null };
    beforeEach(() => {
      fixture = open();
      key = { teamId: anId(), userId: anId(), path: '/applications/1/background_checks', key: 'k "1"', body: '["a"]' };
    });

    const recall = (more: Partial<RequestKey> = {}) =>
      fixture.unitOfWork.run(() => fixture.records.recall({ ...key, ...more }));
    const remember = (checkId: string = anId(), given: object = answer) =>
      fixture.unitOfWork.run(() => fixture.records.remember(key, checkId, given));

    it('know nothing of a new key', async () => {
      expect(await recall()).toBeNull();
    });

    it('repeat the first answer, as JSON keeps it', async () => {
      await remember(anId(), { ...answer, nothing: undefined });
      expect(await recall()).toEqual(answer);
      expect(Object.keys((await recall()) ?? {})).not.toContain('nothing');
    });

    it('refuse the key for another body', async () => {
      await remember();
      await expect(recall({ body: '["b"]' })).rejects.toMatchObject({
        kind: 'invalid',
        reason: 'idempotency_key_reused',
      });
    });

    it.each(['teamId', 'userId', 'path', 'key'] as const)('are apart for each %s', async (field) => {
      await remember();
      expect(await recall({ [field]: anId() })).toBeNull();
    });

    it('are kept for a day', async () => {
      await remember();
      await fixture.pass(key.teamId, 23);
      expect(await recall()).toEqual(answer);
      await fixture.pass(key.teamId, 2);
      expect(await recall()).toBeNull();
      expect(await recall({ body: '["b"]' })).toBeNull();
      await remember(anId(), { id: 'later' });
      expect(await recall()).toEqual({ id: 'later' });
    });

    it('are erased by their check', async () => {
      const checkId = anId();
      await remember(checkId);
      await fixture.records.erase(key.teamId, anId());
      await fixture.records.erase(anId(), checkId);
      expect(await recall()).toEqual(answer);
      await fixture.records.erase(key.teamId, checkId);
      expect(await recall()).toBeNull();
    });

    it('are undone with their unit of work', async () => {
      const failing = fixture.unitOfWork.run(async () => {
        await fixture.records.recall(key);
        await fixture.records.remember(key, anId(), answer);
        throw new Error('afterwards');
      });
      await expect(failing).rejects.toThrow('afterwards');
      expect(await recall()).toBeNull();
    });

    it('refuse a second request at once while the first runs, whatever its body, and no other key', async () => {
      const [recalled, ends] = [new Gate(), new Gate()];
      const first = fixture.unitOfWork.run(async () => {
        await fixture.records.recall(key);
        expect(await fixture.records.recall(key)).toBeNull();
        recalled.open();
        await ends.opened;
        await fixture.records.remember(key, anId(), answer);
      });
      await recalled.opened;
      const running = { kind: 'conflict', reason: 'idempotency_in_progress', retryAfterSeconds: 1 };
      await expect(recall()).rejects.toMatchObject(running);
      await expect(recall({ body: '["b"]' })).rejects.toMatchObject(running);
      expect(await recall({ key: 'another' })).toBeNull();
      ends.open();
      await first;
      expect(await recall()).toEqual(answer);
    });
  });
}
