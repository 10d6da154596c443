import type { Id } from '#kernel/id';
import { CasesWorld } from '../../../../../../test/fakes/integrations/cases-world.js';
import { lost } from '../../../../../../test/fakes/integrations/orders-world.js';
import { anId, FakeSecrets } from '../../../../../../test/fakes/platform.js';
import { CaseReported } from '../../../orders/domain/events.js';

let world: CasesWorld;
let id: Id;
beforeEach(async () => {
  world = await CasesWorld.open();
  id = await world.opened();
});

const opened = { state: 'opened', vendorStatus: 'OPENED' } as const;
const events = () => world.tables.inboundEvents.all();
const status = () => world.webhookStatuses.of(world.connection);
const stateOf = async (order: Id) => (await world.cases.find(world.teamId, order))?.state;

describe('a webhook event', () => {
  it('is stored with its job, and the case is read: what it says is not used', async () => {
    expect(await world.announces(world.changes(id, opened))).toBe('stored');
    expect(events()).toEqual([expect.objectContaining({ orderId: id, teamId: world.teamId, outcome: null })]);
    expect(await stateOf(id)).toBe('ordered');
    await world.work();
    expect([await stateOf(id), world.takeTold(), events()[0]?.outcome]).toEqual(['opened', ['CaseChanged'], 'applied']);
  });

  it('sent again is stored once and has one effect [B1]', async () => {
    const event = world.changes(id, opened);
    const answers = [await world.announces(event), await world.announces(event)];
    await world.work();
    answers.push(await world.announces(event));
    expect([answers, events().length]).toEqual([['stored', 'stored', 'stored'], 1]);
    expect([world.takePublishedNames(), world.takeTold()]).toEqual([[], ['CaseChanged']]);
  });

  it('sent a hundred times at once is stored once [B2]', async () => {
    const event = world.changes(id, opened);
    const answers = await Promise.all(Array.from({ length: 100 }, () => world.announces(event)));
    expect([new Set(answers), events().length]).toEqual([new Set(['stored']), 1]);
    expect(world.outbox.events).toEqual([new CaseReported(world.teamId, id)]);
  });

  it('with the id of another one and other bytes changes nothing: the first ones count [A10]', async () => {
    const event = world.changes(id, opened);
    await world.announces(event);
    await world.work();
    expect(await world.announces({ ...event, eventType: 'OTHER' })).toBe('stored');
    expect(events()).toEqual([expect.objectContaining({ eventType: event.eventType, conflicts: 1 })]);
    expect(world.takePublishedNames()).toEqual([]);
  });

  it('without an id is stored each time, because it cannot be recognised', async () => {
    const event = { ...world.changes(id, opened), eventId: null };
    for (let n = 0; n < 2; n += 1) await world.announces(event);
    expect(events()).toHaveLength(2);
  });

  it('that comes out of order has the case read as it is now [B4]', async () => {
    const first = world.changes(id, opened);
    const last = world.changes(id, { state: 'complete', vendorStatus: 'COMPLETE', result: 'clear' });
    for (const event of [last, first]) {
      await world.announces(event);
      await world.work();
      expect(await stateOf(id)).toBe('complete');
    }
    expect(events().map(({ outcome }) => outcome)).toEqual(['applied', 'unchanged']);
    expect(world.takeTold()).toEqual(['CaseChanged']);
  });

  it('about several cases at once has a job for each', async () => {
    const other = await world.opened('bob@example.org');
    world.outbox.take();
    const all = [id, other, id].map((order) => world.changes(order, opened));
    await Promise.all(all.map((event) => world.announces(event)));
    expect(new Set(world.outbox.events.map((event) => (event as CaseReported).orderId))).toEqual(new Set([id, other]));
  });

  it('is not stored when its job cannot be', async () => {
    const event = world.changes(id, opened);
    const publish = world.outbox.publish.bind(world.outbox);
    world.outbox.publish = async () => {
      throw new Error('the database is away');
    };
    await expect(world.announces(event)).rejects.toThrow('the database is away');
    expect(events()).toEqual([]);
    world.outbox.publish = publish;
    expect(await world.announces(event)).toBe('stored');
  });
});

describe('a signature', () => {
  const replaceSecret = () =>
    world.changeConnection((one, now) => {
      const place = `integrations.connection/${one.teamId}/${one.id}/webhook_secret`;
      one.replaceWebhookSecret({ ...one.webhookSecret, sealed: world.secrets.seal('new', place) }, now);
    });

  it('that is wrong or missing leaves no trace but a counter [A2, A7]', async () => {
    const event = world.changes(id, opened);
    expect(await world.announces(event, 'another secret')).toBe('unauthenticated');
    const [vendor] = world.vendors.all;
    expect(await world.receiveWebhook.take(vendor, Buffer.from('{}'), null)).toBe('unauthenticated');
    expect([events(), world.outbox.events, (await status()).refused]).toEqual([[], [], 1]);
  });

  it('three times wrong in a row shows as a wrong secret, and a good one ends it', async () => {
    for (let n = 0; n < 3; n += 1) await world.announces(world.changes(id, opened), 'another secret');
    expect(await status()).toMatchObject({ state: 'refused', likelyCause: 'wrong_secret' });
    await world.announces(world.changes(id, opened));
    expect(await status()).toMatchObject({ state: 'working', refused: 0 });
  });

  it('with the previous secret counts for a day, and does not show that the new one works [A6]', async () => {
    const old = world.webhookSecret;
    await replaceSecret();
    expect(await world.announces(world.changes(id, opened), old)).toBe('stored');
    expect((await status()).state).toBe('waiting');
    expect(await world.announces(world.changes(id, opened), 'new')).toBe('stored');
    expect((await status()).state).toBe('working');
    world.clock.advance({ hours: 25 });
    expect(await world.announces(world.changes(id, opened), old)).toBe('unauthenticated');
    expect(await world.announces(world.changes(id, opened), 'new')).toBe('stored');
  });

  it('is not judged when the secret cannot be opened here: the vendor sends the event again [F8]', async () => {
    const place = `integrations.connection/${world.teamId}/${world.connection.id}/webhook_secret`;
    const elsewhere = new FakeSecrets('a key of another replica').seal(world.webhookSecret, place);
    await world.changeConnection((one) => {
      one.webhookSecret = { ...one.webhookSecret, sealed: elsewhere };
    });
    await expect(world.announces(world.changes(id, opened))).rejects.toMatchObject({ reason: 'key_missing' });
    expect([events(), (await status()).refused]).toEqual([[], 0]);
  });

  it('with the previous secret is accepted although the newest cannot be opened', async () => {
    const old = world.webhookSecret;
    await world.changeConnection((one, now) =>
      one.replaceWebhookSecret({ ...one.webhookSecret, sealed: 'other-key.secret' }, now),
    );
    expect(await world.announces(world.changes(id, opened), old)).toBe('stored');
  });
});

describe('an event', () => {
  const event = (caseId: string | null) => ({ eventId: anId(), eventType: 'CASE_STATUS_CHANGED', caseId });

  it('about no case, or in no form, is ignored [A14, A17]', async () => {
    const [vendor] = world.vendors.all;
    expect(await world.announces(event(null))).toBe('ignored');
    for (const body of ['', 'no json', '[]', '{"object_id":7}'])
      expect(
        await world.receiveWebhook.take(
          vendor,
          Buffer.from(body),
          world.vendor.signWebhook(Buffer.from(body), world.webhookSecret),
        ),
      ).toBe('ignored');
    expect([events(), world.outbox.events]).toEqual([[], []]);
  });

  it('about an unknown case is ignored and not stored while no order waits for one [A18]', async () => {
    expect(await world.announces(event('case-of-nobody'))).toBe('ignored');
    expect([events(), world.tables.unmatchedCases.all(), world.outbox.events]).toEqual([[], [], []]);
  });

  it('about an unknown case is kept for a connection whose secret signed it and whose order is undecided [A18]', async () => {
    await world.attempted({ outcome: lost, taken: true }, 'bob@example.org');
    const stranger = await world.announces(event('case-of-nobody'), 'another secret');
    expect([stranger, world.tables.unmatchedCases.all()]).toEqual(['ignored', []]);
    expect(await world.announces(event('case-of-nobody'))).toBe('ignored');
    expect(world.tables.unmatchedCases.all()).toEqual([expect.objectContaining({ caseId: 'case-of-nobody' })]);
  });

  it('about the case of a lost order finds the order before the list does [B8]', async () => {
    const order = await world.attempted({ outcome: lost, taken: true }, 'bob@example.org');
    const found = world.account.cases.at(-1);
    world.account.lagging.add(found?.id ?? '');
    await world.announces(event(found?.id ?? ''));
    await world.work();
    expect(await world.order(order)).toMatchObject({ state: 'ordered', caseId: found?.id });
    expect([world.vendor.attempts, world.tables.unmatchedCases.all()]).toEqual([2, []]);
  });

  it('that comes before the answer to its order is kept, and the case is read when it is linked [B7]', async () => {
    const order = await world.place('bob@example.org');
    world.vendor.meanwhile = async () => expect(await world.announces(event('case-2'))).toBe('ignored');
    await world.work();
    expect(await world.order(order)).toMatchObject({ state: 'ordered', caseId: 'case-2' });
    expect(world.tables.unmatchedCases.all()).toEqual([]);
  });

  it('whose case is linked while its signer is looked for is stored', async () => {
    const order = await world.place('bob@example.org');
    const found = world.vendor.addCase(world.account, { email: 'bob@example.org' });
    const owner = { teamId: world.teamId, id: order, connectionId: world.connection.id };
    world.inboundEvents.waitingForACase = async () => {
      await world.unitOfWork.run(() => world.links.link(owner, world.connection.host, found));
      return [];
    };
    expect(await world.announces(event(found.id))).toBe('stored');
    expect(events()).toEqual([expect.objectContaining({ orderId: order })]);
  });

  it('about another vendor’s case is not taken', async () => {
    const changed = world.changes(id, opened);
    const [vendor] = world.vendors.all;
    const body = Buffer.from(JSON.stringify({ event_id: changed.eventId, object_id: changed.caseId }));
    const signature = world.vendor.signWebhook(body, world.webhookSecret);
    expect(await world.receiveWebhook.take({ ...vendor, id: 'other' }, body, signature)).toBe('ignored');
    expect(events()).toEqual([]);
  });
});
