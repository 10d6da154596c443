import type { UnitOfWork } from '#kernel/ports';
import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import type { Connections } from '../../../src/contexts/integrations/connections/domain/connections.js';
import { anId } from '../../fakes/platform.js';
import { Gate } from '../gates.js';
import { aConnectionTo } from './order-fixtures.js';

export interface ConnectionsFixture {
  unitOfWork: UnitOfWork;
  connections: Connections;
}

/** The rules that use cases rely on when they load and save connections. */
export function connectionsContract(name: string, open: () => ConnectionsFixture): void {
  describe(`${name}: connections`, () => {
    let fixture: ConnectionsFixture;
    let connections: Connections;
    beforeEach(() => {
      fixture = open();
      ({ connections } = fixture);
    });

    const now = new Date('2026-10-01T14:00:00.123Z');
    async function saved(): Promise<Connection> {
      const connection = aConnectionTo(`https://host#${anId()}`);
      await fixture.unitOfWork.run(() => connections.add(connection));
      return connection;
    }
    const change = (id: { teamId: string; id: string }, work: (connection: Connection) => unknown) =>
      fixture.unitOfWork.run(async () => {
        const connection = await connections.byId(id.teamId, id.id);
        if (!connection) throw new Error('There is no such connection.');
        await work(connection);
        await connections.save(connection);
      });

    it('are found as they were saved, in their team', async () => {
      const { teamId, id, accountKey, apiKey } = await saved();
      for (const found of [await connections.currentOf(teamId, 'certn'), await connections.byId(teamId, id)])
        expect(found).toMatchObject({ teamId, id, accountKey, apiKey, state: 'enabled', host: 'https://host' });
      expect([await connections.currentOf(anId(), 'certn'), await connections.byId(anId(), id)]).toEqual([null, null]);
    });

    it('are one current one for each team; a retired one is found by its id', async () => {
      const retired = await saved();
      await change(retired, (connection) => connection.retire(now));
      expect(await connections.currentOf(retired.teamId, 'certn')).toBeNull();
      expect(await connections.byId(retired.teamId, retired.id)).toMatchObject({ current: false });
    });

    it('are one current one for each vendor of a team, and that one is used for what an earlier one placed', async () => {
      const certn = await saved();
      const other = aConnectionTo(`https://other#${anId()}`, { teamId: certn.teamId, vendor: 'other' });
      await fixture.unitOfWork.run(() => connections.add(other));
      const idsOf = async (vendors: string[]) =>
        Promise.all(vendors.map(async (vendor) => (await connections.currentOf(certn.teamId, vendor))?.id ?? null));
      expect(await idsOf(['certn', 'other', 'third'])).toEqual([certn.id, other.id, null]);
      const successor = aConnectionTo(`https://host#${anId()}`, { teamId: certn.teamId });
      await change(certn, (one) => one.retire(now));
      await fixture.unitOfWork.run(() => connections.add(successor));
      const used = await Promise.all(
        [certn, successor, other, { id: anId() }].map(({ id }) => connections.currentFor(certn.teamId, id)),
      );
      expect(used.map((one) => one?.id)).toEqual([successor.id, successor.id, other.id, undefined]);
    });

    it('keep what was changed and saved, and nothing of a unit of work that fails', async () => {
      const connection = await saved();
      await change(connection, (one) => one.disable(now));
      expect(await connections.currentOf(connection.teamId, 'certn')).toMatchObject({
        state: 'disabled',
        disabledAt: now,
      });
      const failing = change(connection, (one) => {
        one.enable(now);
        throw new Error('afterwards');
      });
      await expect(failing).rejects.toThrow('afterwards');
      expect(await connections.currentOf(connection.teamId, 'certn')).toMatchObject({ state: 'disabled' });
    });

    it('are not saved over what another transaction saved in between', async () => {
      const connection = await saved();
      const [loaded, overtaken] = [new Gate(), new Gate()];
      const slow = change(connection, async (one) => {
        loaded.open();
        await overtaken.opened;
        one.disable(now);
      });
      await loaded.opened;
      await change(connection, (one) => one.retire(now));
      overtaken.open();
      await expect(slow).rejects.toThrow();
      expect(await connections.byId(connection.teamId, connection.id)).toMatchObject({
        current: false,
        disabledAt: null,
      });
    });

    it('are chosen one after another while the choice is locked', async () => {
      const { teamId } = await saved();
      const choose = () =>
        fixture.unitOfWork.run(async () => {
          await connections.lock(teamId);
          const present = await connections.currentOf(teamId, 'certn');
          if (present?.state === 'disabled') return 'late';
          present?.disable(now);
          if (present) await connections.save(present);
          return 'first';
        });
      expect((await Promise.all([choose(), choose()])).toSorted()).toEqual(['first', 'late']);
    });

    it('know no case before one was placed', async () => {
      expect(await connections.someCaseOf(await saved())).toBeNull();
    });
  });
}
