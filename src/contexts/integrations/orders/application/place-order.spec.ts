import type { Id } from '#kernel/id';
import { aConnectionTo, limits } from '../../../../../test/contracts/integrations/order-fixtures.js';
import { FakeStore, FakeUnitOfWork } from '../../../../../test/fakes/fake-store.js';
import { FakeConnections } from '../../../../../test/fakes/integrations/fake-connections.js';
import { FakeVendorOrders } from '../../../../../test/fakes/integrations/fake-vendor-orders.js';
import { IntegrationsTables } from '../../../../../test/fakes/integrations/tables.js';
import { anId, FakeClock, FakeOutbox } from '../../../../../test/fakes/platform.js';
import type { Connection } from '../../connections/domain/connection.js';
import { ConnectionStateChanged, PlaceOrder, WithdrawOrder } from '../../contract.js';
import { OrderDue } from '../domain/events.js';
import { PlaceOrderHandler } from './place-order.js';
import { WhenConnectionStateChanged } from './when-connection-state-changed.js';
import { WithdrawOrderHandler } from './withdraw-order.js';

let unitOfWork: FakeUnitOfWork;
let clock: FakeClock;
let outbox: FakeOutbox;
let connections: FakeConnections;
let orders: FakeVendorOrders;
let connection: Connection;
beforeEach(async () => {
  const store = new FakeStore();
  clock = new FakeClock();
  [unitOfWork, outbox] = [new FakeUnitOfWork(store), new FakeOutbox(store)];
  [connections, orders] = [
    new FakeConnections(store, outbox),
    new FakeVendorOrders(new IntegrationsTables(store, clock)),
  ];
  connection = aConnectionTo('https://host#key');
  await unitOfWork.run(() => connections.add(connection));
  outbox.take();
});

const place = (id: Id, packageId = 'basic', teamId = connection.teamId) =>
  new PlaceOrderHandler(unitOfWork, connections, orders, outbox).execute(
    new PlaceOrder(teamId, id, connection.vendor, packageId, 'ada@example.org'),
  );
const withdraw = (id: Id, teamId = connection.teamId) =>
  new WithdrawOrderHandler(unitOfWork, connections, orders).execute(new WithdrawOrder(teamId, id, connection.vendor));
const claim = (id: Id) => orders.claim(connection.teamId, id, connection, limits);
const move = (id: Id, ...[name, details]: [Parameters<typeof orders.move>[2], Parameters<typeof orders.move>[4]?]) =>
  orders.move(connection.teamId, id, name, null, details);
const find = (id: Id) => orders.find(connection.teamId, id);

describe('placing an order', () => {
  it('stores it with the team’s connection, and has it attempted; nothing is sent yet', async () => {
    const id = anId();
    await place(id);
    const stored = { state: 'requested', packageId: 'basic', email: 'ada@example.org', attempt: 0 };
    expect(await find(id)).toMatchObject({ ...stored, connectionId: connection.id });
    expect(outbox.events).toEqual([new OrderDue(connection.teamId, id)]);
  });

  it('twice is placing it once, also at the same time', async () => {
    const id = anId();
    await Promise.all([place(id), place(id)]);
    await place(id, 'full');
    expect([(await find(id))?.packageId, outbox.events.length]).toEqual(['basic', 1]);
  });

  it('that was withdrawn before does nothing', async () => {
    const id = anId();
    await withdraw(id);
    await place(id);
    expect([(await find(id))?.state, outbox.events]).toEqual(['withdrawn', []]);
  });

  it('that was sent meanwhile does nothing', async () => {
    const id = anId();
    await place(id);
    await claim(id);
    await place(id);
    expect([(await find(id))?.state, outbox.events.length]).toEqual(['sending', 1]);
  });

  it('fails for a team that never had a connection', async () => {
    await expect(place(anId(), 'basic', anId())).rejects.toThrow('never had a connection');
  });

  it('has one effect when its unit of work runs twice', async () => {
    unitOfWork.collides = true;
    await place(anId());
    expect(outbox.events).toHaveLength(1);
  });
});

describe('withdrawing an order', () => {
  it.each<[string, string, string, (id: Id) => Promise<unknown>]>([
    ['waits', 'withdrawn', 'withdrawn', async () => undefined],
    ['is being sent', 'too_late', 'sending', (id) => claim(id)],
    ['has an unknown outcome', 'too_late', 'in_doubt', (id) => claim(id).then(() => move(id, 'markUnknown'))],
    ['is placed', 'too_late', 'ordered', (id) => claim(id).then(() => move(id, 'place', { caseId: 'case' }))],
    ['is refused', 'too_late', 'rejected', (id) => claim(id).then(() => move(id, 'refuse'))],
    ['is withdrawn', 'withdrawn', 'withdrawn', (id) => withdraw(id)],
  ])('that %s answers %s', async (_, answer, state, bring) => {
    const id = anId();
    await place(id);
    await bring(id);
    expect(await withdraw(id)).toBe(answer);
    expect((await find(id))?.state).toBe(state);
  });

  it('that may be at the vendor keeps it from being sent again', async () => {
    const id = anId();
    await place(id);
    await claim(id);
    await withdraw(id);
    await move(id, 'returnToRequested');
    expect(await claim(id)).toEqual({ kind: 'not_claimable' });
    expect(await withdraw(id)).toBe('withdrawn');
  });

  it('that is unknown stores it as withdrawn', async () => {
    const id = anId();
    expect([await withdraw(id), (await find(id))?.state]).toEqual(['withdrawn', 'withdrawn']);
  });

  it('of a team without a connection stores nothing', async () => {
    const [id, teamId] = [anId(), anId()];
    expect([await withdraw(id, teamId), await orders.find(teamId, id)]).toEqual(['withdrawn', null]);
  });

  it.each([
    ['before', [withdraw, claim]],
    ['after', [claim, withdraw]],
  ] as const)('at the same moment as an attempt (%s it): its answer tells the truth', async (_, [first, second]) => {
    const id = anId();
    await place(id);
    const answers: unknown[] = await Promise.all([first(id), second(id)]);
    const order = await find(id);
    const isWithdrawn = answers.includes('withdrawn');
    expect([order?.state, order?.doNotSend]).toEqual([isWithdrawn ? 'withdrawn' : 'sending', true]);
    const claimed = answers.find((answer) => typeof answer === 'object');
    expect(claimed).toMatchObject({ kind: isWithdrawn ? 'not_claimable' : 'claimed' });
  });
});

describe('a connection that changed', () => {
  const handle = () =>
    new WhenConnectionStateChanged(unitOfWork, connections, orders, outbox).handle(
      new ConnectionStateChanged(connection.teamId),
    );
  const change = (work: (connection: Connection) => void) =>
    unitOfWork.run(async () => {
      const present = await connections.currentOf(connection.teamId, connection.vendor);
      if (!present) throw new Error('The team has no connection.');
      work(present);
      await connections.save(present);
    });

  it.each([
    ['is enabled', () => undefined, 2],
    ['is disabled', (one: Connection) => one.disable(clock.now()), 2],
  ] as const)('and %s has the waiting orders attempted, oldest first', async (_, work, count) => {
    const [first, second, sent] = [anId(), anId(), anId()];
    await place(sent);
    await claim(sent);
    await move(sent, 'place', { caseId: 'case' });
    for (const id of [first, second]) await place(id);
    await change(work);
    outbox.take();
    await handle();
    expect(outbox.events).toEqual([first, second].slice(0, count).map((id) => new OrderDue(connection.teamId, id)));
  });

  it('and requires action has none attempted', async () => {
    await place(anId());
    await change((one) =>
      one.requireAction({ reason: 'key_refused', message: 'No.', at: clock.now().toISOString() }, clock.now()),
    );
    outbox.take();
    await handle();
    expect(outbox.events).toEqual([]);
  });
});
