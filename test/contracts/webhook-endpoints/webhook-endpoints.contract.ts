import type { Id } from '#kernel/id';
import type { EventType } from '../../../src/contexts/webhook-endpoints/contract.js';
import { answered } from '../../../src/contexts/webhook-endpoints/domain/attempt-outcome.js';
import { anId } from '../../fakes/platform.js';
import { changed, webhookActs, type WebhookEndpointsFixture } from './webhook-acts.js';

const completed = 'background_check.completed';

/** What the use cases of webhook endpoints rely on. */
export function webhookEndpointsContract(name: string, open: () => WebhookEndpointsFixture): void {
  describe(`${name}: webhook endpoints`, () => {
    let fixture: WebhookEndpointsFixture;
    let teamId: string;
    beforeEach(() => {
      fixture = open();
      teamId = anId();
    });

    const { run, anEndpoint, anEvent, waits, due, claim, finish } = webhookActs(
      () => fixture,
      () => teamId,
    );
    const [well, badly] = [answered(204, 3), answered(500, 3)];

    describe('endpoints', () => {
      it('are found as they were saved, in their team only, until they are removed', async () => {
        const endpoint = await anEndpoint();
        const { id } = endpoint;
        expect(await fixture.endpoints.find(teamId, id)).toEqual(endpoint);
        expect(await fixture.endpoints.find(anId(), id)).toBeNull();
        const next = {
          ...endpoint,
          includeNames: true,
          previousSecret: 'k.before',
          previousUntil: new Date('2026-10-02T00:00:00Z'),
        };
        await run(() => fixture.endpoints.save(next));
        expect(await run(() => fixture.endpoints.lock(teamId, id))).toEqual(next);
        expect(await fixture.endpoints.ofTeam(teamId)).toEqual([next]);
        await run(() => fixture.endpoints.remove(teamId, id));
        expect([await fixture.endpoints.find(teamId, id), await fixture.endpoints.ofTeam(teamId)]).toEqual([null, []]);
      });

      it('are no more than allowed, also when several are added at once', async () => {
        const template = await anEndpoint();
        const added = await Promise.all(
          Array.from({ length: 5 }, () => run(() => fixture.endpoints.add({ ...template, id: anId() }, 3))),
        );
        expect(added.filter(Boolean)).toHaveLength(2);
      });

      it('fail since the first failure after a success, and are switched off once', async () => {
        const { id } = await anEndpoint();
        const first = await fixture.endpoints.noteFailure(teamId, id);
        expect(await fixture.endpoints.noteFailure(teamId, id)).toEqual(first);
        await fixture.endpoints.noteSuccess(teamId, id);
        expect((await fixture.endpoints.find(teamId, id))?.failingSince).toBeNull();
        expect(await fixture.endpoints.disable(teamId, id, 'gone')).toBe(true);
        expect(await fixture.endpoints.disable(teamId, id, 'failing')).toBe(false);
        expect(await fixture.endpoints.find(teamId, id)).toMatchObject({ disabledReason: 'gone' });
      });
    });

    describe('events', () => {
      it('are remembered by what was announced last about a thing', async () => {
        const told = { revision: 3, isComplete: true, needsAttention: false, state: null };
        expect(await run(() => fixture.events.lockAnnounced(teamId, 'a'))).toBeNull();
        for (const revision of [2, 3]) await run(() => fixture.events.setAnnounced(teamId, 'a', { ...told, revision }));
        expect(await run(() => fixture.events.lockAnnounced(teamId, 'a'))).toEqual(told);
        expect(await run(() => fixture.events.lockAnnounced(anId(), 'a'))).toBeNull();
      });

      it('are found by their id in their team, and since a time as the newest of each type about each thing', async () => {
        const since = new Date(0);
        const [, second, done, other] = [
          await anEvent('a'),
          await anEvent('a'),
          await anEvent('a', completed),
          await anEvent('b'),
        ];
        expect(await fixture.events.find(teamId, second.id)).toEqual(second);
        expect(await fixture.events.find(anId(), second.id)).toBeNull();
        const newest = (types: EventType[], limit = 10) => fixture.events.newestSince(teamId, types, since, limit);
        expect(await newest([changed, completed])).toEqual([second, done, other]);
        expect(await newest([changed])).toEqual([second, other]);
        expect(await newest([changed, completed], 2)).toEqual([second, done]);
        expect(await fixture.events.newestSince(teamId, [changed], new Date('2100-01-01'), 10)).toEqual([]);
      });
    });

    describe('what waits to be sent', () => {
      it('is taken once, and gone after a success', async () => {
        const endpoint = await anEndpoint();
        const event = await waits(endpoint, 'a');
        const streams = await due();
        const twice = await Promise.all([1, 2].map(() => run(() => fixture.deliveries.claim(streams))));
        const [one, ...more] = twice.flat();
        expect(more).toEqual([]);
        expect(one).toMatchObject({ teamId, endpointId: endpoint.id, subject: 'a', eventId: event.id, type: changed });
        expect(await due()).toEqual([]);
        await finish(one, well);
        await fixture.pass(86_400);
        expect(await due()).toEqual([]);
        expect(await fixture.log(teamId, endpoint.id)).toEqual([{ status: 'succeeded', error: null, hasNext: false }]);
      });

      it('about one thing is sent one after the other; other things do not wait for it', async () => {
        const endpoint = await anEndpoint();
        const [first, second] = [await waits(endpoint, 'a'), await waits(endpoint, 'a', completed)];
        const other = await waits(endpoint, 'b');
        const claims = await claim();
        expect(claims.map(({ eventId }) => eventId).sort()).toEqual([first.id, other.id].sort());
        expect(await claim()).toEqual([]);
        await finish(
          claims.find(({ subject }) => subject === 'a'),
          well,
        );
        expect((await claim()).map(({ eventId }) => eventId)).toEqual([second.id]);
      });

      it('is overtaken by a newer event of its type, and not by one of another type', async () => {
        const endpoint = await anEndpoint();
        const done = await waits(endpoint, 'a', completed);
        await waits(endpoint, 'a');
        const newest = await waits(endpoint, 'a');
        const sent: Id[] = [];
        for (let [one] = await claim(); one; [one] = await claim()) {
          sent.push(one.eventId);
          await finish(one, well);
        }
        expect(sent).toEqual([done.id, newest.id]);
      });

      it('comes again after 5 seconds and then after 5 minutes, until it succeeds', async () => {
        const endpoint = await anEndpoint();
        await waits(endpoint, 'a');
        await finish((await claim())[0], badly);
        expect(await claim()).toEqual([]);
        await fixture.pass(6);
        await finish((await claim())[0], badly);
        await fixture.pass(290);
        expect(await claim()).toEqual([]);
        await fixture.pass(20);
        await finish((await claim())[0], well);
        const error = 'The endpoint answered 500.';
        expect(await fixture.log(teamId, endpoint.id)).toEqual([
          ...[1, 2].map(() => ({ status: 'failed', error, hasNext: true })),
          { status: 'succeeded', error: null, hasNext: false },
        ]);
      });

      it('has no next time in the log after an answer that ends the endpoint', async () => {
        const endpoint = await anEndpoint();
        await waits(endpoint, 'a');
        await finish((await claim())[0], answered(410, 3));
        expect(await fixture.log(teamId, endpoint.id)).toMatchObject([{ status: 'failed', hasNext: false }]);
      });

      it('is given up after the tenth attempt, and the next event about the thing is sent', async () => {
        const endpoint = await anEndpoint();
        await waits(endpoint, 'a', completed);
        const next = await waits(endpoint, 'a');
        for (let attempt = 1; attempt <= 10; attempt += 1) {
          await finish((await claim())[0], badly);
          if (attempt < 10) await fixture.pass(100_000);
        }
        expect((await claim()).map(({ eventId }) => eventId)).toEqual([next.id]);
      });

      it('is due at once when a newer event of its type comes while it waits to be tried again', async () => {
        const endpoint = await anEndpoint();
        await waits(endpoint, 'a');
        await finish((await claim())[0], badly);
        const newer = await waits(endpoint, 'a');
        expect((await claim()).map(({ eventId }) => eventId)).toEqual([newer.id]);
      });

      it('that was overtaken during its attempt is not tried again', async () => {
        const endpoint = await anEndpoint();
        await waits(endpoint, 'a');
        const [one] = await claim();
        const newer = await waits(endpoint, 'a');
        expect(await claim()).toEqual([]);
        await finish(one, badly);
        expect((await claim()).map(({ eventId }) => eventId)).toEqual([newer.id]);
      });

      it('goes to another sender when the lease of one that died is over; the dead one changes nothing afterwards', async () => {
        const endpoint = await anEndpoint();
        const event = await waits(endpoint, 'a');
        const [dead] = await claim();
        await fixture.pass(30);
        const [alive] = await claim();
        expect([alive?.eventId, alive?.attemptId === dead?.attemptId]).toEqual([event.id, false]);
        await finish(dead, badly);
        expect(await claim()).toEqual([]);
        await finish(alive, well);
        await fixture.pass(86_400);
        expect(await due()).toEqual([]);
        expect((await fixture.log(teamId, endpoint.id)).map(({ status }) => status)).toEqual(['failed', 'succeeded']);
      });

      it('says in the log that its sender died', async () => {
        const endpoint = await anEndpoint();
        await waits(endpoint, 'a');
        await claim();
        await fixture.pass(30);
        await claim();
        expect((await fixture.log(teamId, endpoint.id))[0]).toEqual({
          ...{ status: 'failed', hasNext: false },
          error: 'The service stopped before the answer came.',
        });
      });

      it('for an endpoint that is switched off, deleted or busy is left out; a failing one is marked', async () => {
        const [on, off, gone, failing] = [
          await anEndpoint(),
          await anEndpoint(),
          await anEndpoint(),
          await anEndpoint(),
        ];
        for (const endpoint of [on, off, gone, failing]) await waits(endpoint, 'a');
        await fixture.endpoints.disable(teamId, off.id, 'by_user');
        await run(() => fixture.endpoints.remove(teamId, gone.id));
        await fixture.endpoints.noteFailure(teamId, failing.id);
        const found = (await due()).map(({ endpointId, isFailing }) => [endpointId, isFailing]);
        expect(new Map(found as [Id, boolean][])).toEqual(
          new Map([
            [on.id, false],
            [failing.id, true],
          ]),
        );
        const busy = { teamIds: [], endpointIds: [on.id, failing.id] };
        const others = await fixture.deliveries.due(256, 8, busy);
        expect(others.filter((one) => one.teamId === teamId)).toEqual([]);
        const team = await fixture.deliveries.due(256, 8, { teamIds: [teamId], endpointIds: [] });
        expect(team.filter((one) => one.teamId === teamId)).toEqual([]);
      });

      it('is counted up to a limit', async () => {
        const [endpoint, other] = [await anEndpoint(), await anEndpoint()];
        await waits(other, 'a');
        for (const subject of ['a', 'b', 'c']) await waits(endpoint, subject);
        const count = (most: number) => fixture.deliveries.waiting(teamId, endpoint.id, most);
        expect([await count(10), await count(2)]).toEqual([3, 2]);
        for (const one of await claim()) await finish(one, well);
        expect(await count(10)).toBe(0);
      });

      it('is read for each endpoint up to a limit, and replayed in the order that is given', async () => {
        const endpoint = await anEndpoint();
        const events = [await anEvent('a', completed), await anEvent('a'), await anEvent('b'), await anEvent('c')];
        await run(() => fixture.deliveries.addAll(events, endpoint.id));
        expect(await due(2)).toHaveLength(2);
        const claims = await claim();
        expect(claims.find(({ subject }) => subject === 'a')?.eventId).toBe(events[0]?.id);
        expect(claims).toHaveLength(3);
      });
    });
  });
}
