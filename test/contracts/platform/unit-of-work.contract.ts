import type { DomainEvent } from '#kernel/events';
import type { Audit, Outbox, UnitOfWork } from '#kernel/ports';
import { anId } from '../../fakes/platform.js';
import { Gate } from '../gates.js';

/** An event of the suite. */
export class LampLit {
  static readonly wireName = 'test.lamp-lit.v1';
  constructor(
    readonly teamId: string,
    readonly lamp: string,
  ) {}
}

export interface PlatformFixture {
  unitOfWork: UnitOfWork;
  outbox: Outbox;
  audit: Audit;
  /** Committed events of that team, in the order in which they were published, with their delays in seconds. */
  published(teamId: string): Promise<{ event: DomainEvent; inSeconds: number }[]>;
  entries(teamId: string): Promise<object[]>;
}

/** How transactions, events and audit entries belong together, in Postgres and in memory. */
export function unitOfWorkContract(name: string, open: () => PlatformFixture): void {
  describe(`${name}: a unit of work`, () => {
    let fixture: PlatformFixture;
    let teamId: string;
    beforeEach(() => {
      fixture = open();
      teamId = anId();
    });

    const entry = (entityId = anId()) => ({ action: 'lamp.light', entity: 'lamp', entityId });
    const light = (lamp: string) => fixture.outbox.publish([new LampLit(teamId, lamp)]);
    const actor = (userId: string | null = null) => ({
      teamId,
      user: userId === null ? null : { id: userId },
      ip: null,
    });
    const lamps = async () => (await fixture.published(teamId)).map(({ event }) => (event as LampLit).lamp);

    it('returns what its work returns', async () => {
      expect(await fixture.unitOfWork.run(async () => 'answer')).toBe('answer');
    });

    it('undoes everything when its work fails, and passes the error on', async () => {
      const failure = new Error('changed my mind');
      const failing = fixture.unitOfWork.run(async () => {
        await light('left');
        await fixture.audit.record(actor(), entry());
        throw failure;
      });
      await expect(failing).rejects.toBe(failure);
      expect(await lamps()).toEqual([]);
      expect(await fixture.entries(teamId)).toEqual([]);
    });

    it('inside another one is part of it', async () => {
      const failing = fixture.unitOfWork.run(async () => {
        await fixture.unitOfWork.run(() => light('inner'));
        throw new Error('the outer one fails');
      });
      await expect(failing).rejects.toThrow('the outer one fails');
      expect(await lamps()).toEqual([]);
    });

    it('shows others nothing until it is committed', async () => {
      const [written, seen] = [new Gate(), new Gate()];
      const running = fixture.unitOfWork.run(async () => {
        await fixture.audit.record(actor(), entry());
        await light('left');
        written.open();
        await seen.opened;
      });
      await written.opened;
      expect(await fixture.entries(teamId)).toEqual([]);
      expect(await lamps()).toEqual([]);
      seen.open();
      await running;
      expect(await fixture.entries(teamId)).toHaveLength(1);
      expect(await lamps()).toEqual(['left']);
    });

    it('publishes each of its events once, with their delay', async () => {
      await fixture.unitOfWork.run(async () => {
        await light('left');
        await fixture.outbox.publish([new LampLit(teamId, 'right')], { inSeconds: 90.5 });
      });
      expect(await fixture.published(teamId)).toEqual([
        { event: new LampLit(teamId, 'left'), inSeconds: 0 },
        { event: new LampLit(teamId, 'right'), inSeconds: 90.5 },
      ]);
    });

    it('is needed to publish', async () => {
      await expect(light('stray')).rejects.toThrow('inside a unit of work');
      expect(await lamps()).toEqual([]);
    });

    it('is not needed for an audit entry, which has the outcome `done` unless it says otherwise', async () => {
      const [userId, candidateId, done, refused] = [anId(), anId(), anId(), anId()];
      await fixture.audit.record(actor(userId), { ...entry(done), to: { lit: true }, withheldFrom: candidateId });
      await fixture.audit.record(actor(), { ...entry(refused), outcome: 'refused' });
      expect(await fixture.entries(teamId)).toEqual([
        expect.objectContaining({
          entityId: done,
          actorId: userId,
          outcome: 'done',
          to: { lit: true },
          withheldFrom: candidateId,
        }),
        expect.objectContaining({ entityId: refused, actorId: null, outcome: 'refused' }),
      ]);
    });
  });
}
