import { randomUUID } from 'node:crypto';
import type { Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { environment } from '../../../test/support/environment.js';
import { eventually } from '../../../test/support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { run } from '../../commands/jobs.js';
import { DatabaseModule } from '../database/database.module.js';
import { PlatformModule } from '../platform.module.js';
import { type EventHandler, HandlesEvent } from './event-handler.js';
import { RetiredQueues } from './retired-queues.js';

const teamId = randomUUID();

class Knock {
  static readonly wireName: string = 'test.knock.v1';
  constructor(
    readonly teamId: string,
    readonly door: string,
  ) {}
}

/** Which handler got which door, in order. */
const heard: string[] = [];
const listener = (name: string) =>
  class implements EventHandler<Knock> {
    async handle({ door }: Knock): Promise<void> {
      heard.push(`${name} ${door}`);
    }
  };

@HandlesEvent(Knock, { name: 'open' })
class Open extends listener('open') {}

/** A handler that only a newer release has. */
@HandlesEvent(Knock, { name: 'greet', coalesceBy: ['door'] })
class Greet extends listener('greet') {}

/** The newer release coalesces by a field that events of the older one do not have. */
@HandlesEvent(Knock, { name: 'note-guest', coalesceBy: ['guest' as 'door'] })
class NoteGuest extends listener('note-guest') {}

/** The name of `open` in a newer release, where it also coalesces. */
@HandlesEvent(Knock, { name: 'open-gently', formerly: ['open'], coalesceBy: ['door'] })
class OpenGently extends listener('open-gently') {}

/** The same event under its name in a newer release. */
class Ring extends Knock {
  static override readonly wireName: string = 'test.ring.v1';
}
@HandlesEvent(Ring, { name: 'open-on-ring', formerQueues: ['test.knock.v1/open'] })
class OpenOnRing extends listener('open-on-ring') {}

describe('two releases on one database', () => {
  let database: TestDatabase;
  const running: TestingModule[] = [];

  beforeEach(async () => {
    heard.length = 0;
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((release) => release.close()));
    await database.drop();
  });

  async function release(
    eventHandlers: Type[],
    role = 'all',
    retired: Record<string, string> = {},
  ): Promise<TestingModule> {
    Object.assign(process.env, environment(database.url), { ROLE: role });
    const module = await Test.createTestingModule({
      imports: [PlatformModule, DatabaseModule.forSchemas([])],
      providers: eventHandlers,
    })
      .overrideProvider(RetiredQueues)
      .useValue({ reasons: retired })
      .compile();
    module.useLogger(false);
    await module.init();
    running.push(module);
    return module;
  }
  async function end(module: TestingModule): Promise<void> {
    running.splice(running.indexOf(module), 1);
    await module.close();
  }
  const knock = (at: TestingModule, ...doors: string[]): Promise<void> =>
    at.get(UnitOfWork).run(() => at.get(Outbox).publish(doors.map((door) => new Knock(teamId, door))));
  const isHeard = (...words: string[]): Promise<unknown> =>
    eventually(
      `${words.join()} is heard`,
      async () => heard,
      (all) => words.every((word) => all.includes(word)),
      20_000,
    );
  const waiting = (at: TestingModule): Promise<{ name: string; door: string }[]> =>
    at
      .get(Database)
      .rows(sql`select name, data->>'door' as door from queue.job where state < 'completed' order by 1, 2`);
  /** As if no running release had recorded for minutes that it works a queue. */
  const longAgo = (at: TestingModule): Promise<number> =>
    at.get(Database).affected(sql`update platform.subscription set worked_at = now() - interval '1 hour'`);

  it('what an older replica publishes also reaches an event handler that only the newer one has', async () => {
    const older = await release([Open]);
    await release([Open, Greet]);
    await knock(older, 'front');
    await isHeard('open front', 'greet front');
  });

  it('an event without the field that a newer event handler coalesces by is a job of its own', async () => {
    const older = await release([Open], 'api');
    await release([Open, NoteGuest], 'api');
    await knock(older, 'front', 'back');
    expect(await waiting(older)).toEqual([
      { name: 'test.knock.v1/note-guest', door: 'back' },
      { name: 'test.knock.v1/note-guest', door: 'front' },
      { name: 'test.knock.v1/open', door: 'back' },
      { name: 'test.knock.v1/open', door: 'front' },
    ]);
  });

  it('a renamed event handler works what waits under its old name, and gets an event once', async () => {
    const older = await release([Open], 'api');
    await knock(older, 'before');
    await release([OpenGently]);
    await knock(older, 'after');
    await isHeard('open-gently before', 'open-gently after');
    expect(heard).toHaveLength(2);
  });

  it('what waits in the queue of a release that recorded no event handlers is worked under the new name', async () => {
    const older = await release([Open], 'api');
    await knock(older, 'before');
    await older.get(Database).affected(sql`delete from platform.subscription`);
    const newer = await release([OpenOnRing]);
    await isHeard('open-on-ring before');
    const [queue] = await newer
      .get(Database)
      .rows(sql`select subscribed, worked_at is null as unworked from platform.subscription where queue like '%/open'`);
    expect(queue).toEqual({ subscribed: false, unworked: false });
  });

  it('events that a newer release renamed are worked by it under both names, each once', async () => {
    const older = await release([Open], 'api');
    await knock(older, 'before');
    const newer = await release([OpenOnRing]);
    await knock(older, 'after');
    await newer.get(UnitOfWork).run(() => newer.get(Outbox).publish([new Ring(teamId, 'new')]));
    await isHeard('open-on-ring before', 'open-on-ring after', 'open-on-ring new');
    expect(heard).toHaveLength(3);
  });

  it('the older release goes on with its own events beside one that renamed them, and the newer one gets its own', async () => {
    const newer = await release([OpenOnRing], 'api');
    const older = await release([Open]);
    await knock(older, 'front');
    await isHeard('open front');
    await newer.get(UnitOfWork).run(() => newer.get(Outbox).publish([new Ring(teamId, 'back')]));
    await release([OpenOnRing]);
    await isHeard('open-on-ring back');
    expect(heard).toHaveLength(2);
  });

  it('going back, the older release works what waits under the newer name, whether it started again or ran all the time', async () => {
    const stayed = await release([Open]);
    const newer = await release([OpenGently], 'api');
    await knock(newer, 'side by side');
    await isHeard('open side by side');
    await end(newer);
    await knock(stayed, 'alone');
    await isHeard('open alone');
    await end(stayed);
    const again = await release([Open]);
    await knock(again, 'again');
    await isHeard('open again');
    expect(heard).toHaveLength(3);
  });

  it('what waits for an event handler that only the newer release has is kept while the older one is back, and counted', async () => {
    const newer = await release([Open, Greet], 'api');
    await knock(newer, 'first');
    await end(newer);
    const older = await release([Open]);
    await knock(older, 'second');
    await isHeard('open first', 'open second');
    expect(await waiting(older)).toEqual([
      { name: 'test.knock.v1/greet', door: 'first' },
      { name: 'test.knock.v1/greet', door: 'second' },
    ]);
    await longAgo(older);
    const { text } = await run(['queues'], database.url);
    expect(text).toMatch(
      /^test\.knock\.v1\/greet\n {2}2 jobs wait, the oldest since .*\n {2}no running release works it/m,
    );
    await end(older);
    await release([Open, Greet]);
    await isHeard('greet first', 'greet second');
    expect((await run(['queues'], database.url)).text).toBe('Every waiting job is worked.');
  });

  it('a retired event handler gets events as long as a running release works it, and none afterwards', async () => {
    const older = await release([Open, Greet]);
    const newer = await release([Open], 'all', { 'test.knock.v1/greet': 'guests are greeted by hand' });
    await knock(newer, 'both');
    await isHeard('open both', 'greet both');
    await end(older);
    await longAgo(newer);
    await eventually(
      'the retired queue gets no more events',
      () =>
        newer
          .get(Database)
          .first<{ subscribed: boolean }>(sql`select subscribed from platform.subscription where queue like '%/greet'`),
      (row) => row?.subscribed === false,
      20_000,
    );
    await knock(newer, 'newer alone');
    await isHeard('open newer alone');
    expect((await waiting(newer)).filter(({ name }) => name.endsWith('/greet'))).toEqual([]);
    await release([Open, Greet]);
    await knock(newer, 'back again');
    await isHeard('greet back again');
  });
});
