import { Batcher, Overloaded } from './batcher.js';

/** Work that ends when the test says so, and records its batches. */
class Work {
  readonly batches: string[][] = [];
  private readonly ends: ((failure?: Error) => void)[] = [];

  readonly run = (asks: string[]): Promise<string[]> => {
    this.batches.push(asks);
    return new Promise((resolve, reject) => {
      this.ends.push((failure) => (failure ? reject(failure) : resolve(asks.map((ask) => `${ask}!`))));
    });
  };

  end(nth: number, failure?: Error): void {
    this.ends[nth]?.(failure);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a batcher', () => {
  let work: Work;
  beforeEach(() => void (work = new Work()));

  it('works a lone ask at once, and what comes meanwhile as one batch', async () => {
    const batcher = new Batcher(work.run);
    const first = batcher.ask('a');
    expect(work.batches).toEqual([['a']]);
    const later = [batcher.ask('b'), batcher.ask('c')];
    work.end(0);
    expect(await first).toBe('a!');
    await turn();
    expect(work.batches).toEqual([['a'], ['b', 'c']]);
    work.end(1);
    expect(await Promise.all(later)).toEqual(['b!', 'c!']);
  });

  it('puts what must be apart into batches of its own, and no more into one than its limit', async () => {
    const batcher = new Batcher(work.run, { apart: (ask) => ask[0] ?? '', limit: 2 });
    const all = ['a', 'b1', 'b2', 'c', 'd'].map((ask) => batcher.ask(ask));
    for (let nth = 0; nth < 3; nth += 1) {
      work.end(nth);
      await turn();
    }
    work.end(3);
    expect(await Promise.all(all)).toEqual(['a!', 'b1!', 'b2!', 'c!', 'd!']);
    expect(work.batches).toEqual([['a'], ['b1', 'c'], ['b2', 'd']]);
  });

  it('refuses at once what is more than may wait', async () => {
    const batcher = new Batcher(work.run, { mostWaiting: 2 });
    const [first, ...waiting] = ['a', 'b', 'c'].map((ask) => batcher.ask(ask));
    await expect(batcher.ask('d')).rejects.toThrow(Overloaded);
    work.end(0);
    expect(await first).toBe('a!');
    await turn();
    work.end(1);
    expect(await Promise.all(waiting)).toEqual(['b!', 'c!']);
    const next = batcher.ask('d');
    work.end(2);
    expect(await next).toBe('d!');
  });

  it('keeps no ask longer than its time limit, and refuses new ones at once while a batch is that slow', async () => {
    const batcher = new Batcher(work.run, { patienceMs: 40 });
    const begun = performance.now();
    const kept = await Promise.allSettled(['a', 'b', 'c'].map((ask) => batcher.ask(ask)));
    expect(kept.map((one) => one.status === 'rejected' && one.reason instanceof Overloaded)).toEqual([
      true,
      true,
      true,
    ]);
    expect(performance.now() - begun).toBeLessThan(1_000);
    await expect(batcher.ask('d')).rejects.toThrow(Overloaded);
    // An ask that was already answered does not start.
    work.end(0);
    await turn();
    expect(work.batches).toEqual([['a']]);
    const next = batcher.ask('e');
    work.end(1);
    expect(await next).toBe('e!');
  });

  it('lets one bad ask fail by itself', async () => {
    const batcher = new Batcher(async (asks: string[]) => {
      if (asks.includes('bad')) throw new Error('no');
      work.batches.push(asks);
      return asks;
    });
    const [, ...rest] = await Promise.allSettled(['a', 'b', 'bad', 'c'].map((ask) => batcher.ask(ask)));
    expect(rest.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(work.batches).toEqual([['a'], ['b'], ['c']]);
  });

  it('does not try each by itself when the database is down, and continues after a failure', async () => {
    const batcher = new Batcher(work.run);
    const all = Promise.allSettled(['a', 'b', 'c'].map((ask) => batcher.ask(ask)));
    work.end(0);
    await turn();
    work.end(1, Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }));
    expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(work.batches).toHaveLength(2);
    const next = batcher.ask('d');
    work.end(2);
    expect(await next).toBe('d!');
  });
});
