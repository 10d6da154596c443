import type { UnitOfWork } from '#kernel/ports';
import type { ScheduledTasks } from '../../../src/contexts/integrations/cases/domain/scheduled-tasks.js';
import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import type { Connections } from '../../../src/contexts/integrations/connections/domain/connections.js';
import { aSavedConnection } from './case-fixtures.js';

export interface ScheduledTasksFixture {
  unitOfWork: UnitOfWork;
  connections: Connections;
  /** A sweep takes 600 seconds. */
  tasks: ScheduledTasks;
  /** A vendor with a list and a feed, and one without. */
  vendors: { usual: string; webhooksAlone: string };
  /** Lets seconds pass for all tasks. */
  pass: (seconds: number) => Promise<void>;
  /** Takes what other tests left behind. */
  takeLeftovers: () => Promise<void>;
}

/** What recurring work on a connection relies on. */
export function scheduledTasksContract(name: string, open: () => ScheduledTasksFixture): void {
  describe(`${name}: scheduled tasks`, () => {
    let fixture: ScheduledTasksFixture;
    let tasks: ScheduledTasks;
    beforeEach(async () => {
      fixture = open();
      ({ tasks } = fixture);
      await fixture.takeLeftovers();
    });

    const { pass, take } = {
      pass: (seconds: number) => fixture.pass(seconds),
      take: async (limit = 100) => (await fixture.unitOfWork.run(() => tasks.takeDue(limit))).map(({ kind }) => kind),
    };
    async function connected(vendor = fixture.vendors.usual): Promise<Connection> {
      const connection = await aSavedConnection(fixture, { vendor });
      await tasks.ensure(connection.teamId);
      return connection;
    }
    /** One step as a worker runs it: it reads the task first and plans the next step last. */
    async function begun({ teamId, id }: Connection) {
      const task = await tasks.find(teamId, id, 'sweep');
      if (!task) throw new Error('There is no sweep.');
      return { task, ends: (inSeconds: number) => tasks.plan(task, { inSeconds, progress: { after: 'there' } }) };
    }
    /** Seconds until the next task is due, in steps of five. */
    async function dueIn(kind: string): Promise<number> {
      for (let seconds = 0; seconds < 1000; seconds += 5) {
        if ((await take()).includes(kind as 'sweep')) return seconds;
        await pass(5);
      }
      return Number.NaN;
    }

    it('are those that the vendor can serve: without a list and a feed there is only the sweep', async () => {
      await connected(fixture.vendors.webhooksAlone);
      await pass(601);
      expect(await take()).toEqual(['sweep']);
      await connected();
      await pass(301);
      await pass(301);
      expect((await take()).toSorted()).toEqual(['comparison', 'feed', 'sweep', 'sweep']);
    });

    it('are created once for a connection, and none is due immediately', async () => {
      const { teamId } = await connected();
      await tasks.ensure();
      await tasks.ensure(teamId);
      expect(await take()).toEqual([]);
      await pass(601);
      expect(await take()).toHaveLength(3);
    });

    it('are taken once when due, however many workers ask at the same time', async () => {
      for (let n = 0; n < 3; n += 1) await connected();
      await pass(601);
      const taken = (await Promise.all(Array.from({ length: 6 }, () => take(2)))).flat();
      expect([taken.length + (await take()).length, await take()]).toEqual([9, []]);
    });

    it('are due again after the lease when a step planned nothing', async () => {
      await connected();
      await pass(601);
      expect(await take()).toHaveLength(3);
      await pass(299);
      expect(await take()).toEqual([]);
      await pass(2);
      expect(await take()).toHaveLength(3);
    });

    it('plan the next step from the due time, so that delays do not add up', async () => {
      const connection = await connected();
      await pass(630);
      await take();
      await (await begun(connection)).ends(100);
      expect([65, 70, 75]).toContain(await dueIn('sweep'));
    });

    it('do not catch up with steps that were missed', async () => {
      const connection = await connected();
      await pass(5000);
      await take();
      await (await begun(connection)).ends(100);
      // The column has milliseconds: "now" may be rounded up.
      await pass(1);
      expect(await take()).toEqual(['sweep']);
      await (await begun(connection)).ends(100);
      expect([90, 95, 100, 105]).toContain(await dueIn('sweep'));
    });

    it('keep what a step stored, and its interval', async () => {
      const connection = await connected();
      await pass(601);
      await take();
      const { task } = await begun(connection);
      expect(task).toMatchObject({ intervalSeconds: 600, progress: {} });
      await tasks.plan(task, { inSeconds: 0, intervalSeconds: 900, progress: { steps: 3 } });
      expect((await begun(connection)).task).toMatchObject({ intervalSeconds: 900, progress: { steps: 3 } });
      await tasks.plan(task, { inSeconds: 0 });
      expect((await begun(connection)).task).toMatchObject({ intervalSeconds: 900, progress: { steps: 3 } });
    });

    it('keep an expedited sweep due when an earlier step ends', async () => {
      const connection = await connected();
      await pass(601);
      await take();
      const step = await begun(connection);
      await tasks.expediteSweep(connection);
      await step.ends(600);
      expect(await take()).toEqual(['sweep']);
      const { progress } = (await begun(connection)).task;
      expect(progress).toMatchObject({ hasty: true });
      expect(progress).not.toHaveProperty('after');
    });

    it("keep the next worker's plan when a step outlives its lease", async () => {
      const connection = await connected();
      await pass(601);
      await take();
      const frozen = await begun(connection);
      // Not 301: for a database that is moved back in time, both steps would have been due at the same moment.
      await pass(310);
      await take();
      await (await begun(connection)).ends(100);
      await frozen.ends(5000);
      expect([85, 90, 95]).toContain(await dueIn('sweep'));
    });

    it('expedite a sweep at most once per interval', async () => {
      const connection = await connected();
      await tasks.expediteSweep(connection);
      expect(await take()).toEqual(['sweep']);
      await tasks.expediteSweep(connection);
      expect(await take()).toEqual([]);
    });

    it('share the calls of an account among the connections that are enabled', async () => {
      const { accountKey } = await connected();
      expect([await tasks.connectionsOf(accountKey), await tasks.connectionsOf('https://unknown#1')]).toEqual([1, 1]);
      const other = await aSavedConnection(fixture, { accountKey });
      expect(await tasks.connectionsOf(accountKey)).toBe(2);
      await fixture.unitOfWork.run(async () => {
        const saved = await fixture.connections.byId(other.teamId, other.id);
        saved?.disable(new Date());
        if (saved) await fixture.connections.save(saved);
      });
      expect(await tasks.connectionsOf(accountKey)).toBe(1);
    });
  });
}
