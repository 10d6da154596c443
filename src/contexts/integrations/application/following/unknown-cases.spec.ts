import type { DomainEvent } from '#kernel/events';
import { UnreadableSecret } from '#kernel/errors';
import type { Secrets } from '#kernel/ports';
import type { ScreeningProvider } from '../../domain/screening-provider.js';
import type { InboundEvents, WaitingConnection } from '../../domain/vendor-cases.js';
import { UnknownCases, type UnmatchedEvent } from './unknown-cases.js';

const webhookEvent = (signature: string, size = 100): UnmatchedEvent => ({
  caseId: `case of ${signature}`,
  rawBody: Buffer.alloc(size),
  signature,
});

describe('Notices of cases that nobody knows', () => {
  it('are kept for the connection that signed them, and are nobody’s otherwise', async () => {
    const world = new World(['one', 'two']);
    expect(await Promise.all([world.judge(webhookEvent('two')), world.judge(webhookEvent('stranger'))])).toEqual([
      'kept',
      'nobodys',
    ]);
    expect(world.kept).toEqual([['two', 'case of two']]);
  });

  it('share one look when they come together', async () => {
    const world = new World(['one']);
    await world.judge(webhookEvent('stranger'));
    expect(world.reconciliations).toBe(1);
    await Promise.all(Array.from({ length: 20 }, () => world.judge(webhookEvent('stranger'))));
    // The first of them begins at once, the others come while it is looked at.
    expect(world.reconciliations).toBe(3);
  });

  it('are told to come again when very many wait, before anything is looked up', async () => {
    const world = new World(['one']);
    const verdicts = await Promise.all(Array.from({ length: 300 }, () => world.judge(webhookEvent('stranger'))));
    // One is looked up at once, and 200 wait.
    expect(verdicts.filter((verdict) => verdict === 'busy')).toHaveLength(99);
    expect(await world.judge(webhookEvent('one'))).toBe('kept');
  });

  it('are told to come again when a second’s hashing is used up, and are tried in the next', async () => {
    const world = new World(Array.from({ length: 400 }, (_, n) => `secret ${n}`));
    const large = Array.from({ length: 5 }, () => world.judge(webhookEvent('stranger', 60 * 1024)));
    expect(await Promise.all(large)).toEqual(['nobodys', 'busy', 'busy', 'busy', 'busy']);
    expect(await world.judge(webhookEvent('secret 7', 60 * 1024))).toBe('busy');
    let verdict = 'busy';
    while (verdict === 'busy') verdict = await world.judge(webhookEvent('secret 7'));
    expect(verdict).toBe('kept');
  });

  it('are not dropped where not everybody could be tried', async () => {
    const world = new World(Array.from({ length: 501 }, (_, n) => `secret ${n}`));
    expect(await world.judge(webhookEvent('secret 3'))).toBe('kept');
    expect(await world.judge(webhookEvent('secret 500'))).toBe('busy');
  });

  it('are kept although another connection’s secret cannot be opened', async () => {
    const world = new World(['cannot be opened', 'two']);
    expect(await world.judge(webhookEvent('two'))).toBe('kept');
    expect(await world.judge(webhookEvent('stranger'))).toBe('nobodys');
  });
});

/** Connections that wait, each of which signs with its own name. */
class World {
  reconciliations = 0;
  readonly kept: [string, string][] = [];
  private readonly cases: UnknownCases;

  constructor(private readonly signers: string[]) {
    const inboundEvents = {
      waitingForACase: async (most: number) => this.reconciliation(most),
      keepUnmatchedCase: async (_team: string, connectionId: string, caseId: string) => {
        this.kept.push([connectionId, caseId]);
        return 'its fingerprint';
      },
    };
    const provider = {
      verifyWebhook: (_body: Buffer, signature: string, secrets: string[]) => secrets.includes(signature),
    };
    const secrets = {
      open: (sealed: string) => {
        if (sealed === 'cannot be opened') throw new UnreadableSecret('unknown_key', 'k');
        return sealed;
      },
    };
    const unitOfWork = { run: <T>(work: () => Promise<T>) => work() };
    const outbox = { publish: async (_events: DomainEvent[]) => undefined };
    this.cases = new UnknownCases(
      provider as unknown as ScreeningProvider,
      inboundEvents as unknown as InboundEvents,
      secrets as unknown as Secrets,
      unitOfWork,
      outbox,
    );
  }

  judge(one: UnmatchedEvent): ReturnType<UnknownCases['judge']> {
    return this.cases.judge(one);
  }

  private reconciliation(most: number): WaitingConnection[] {
    this.reconciliations += 1;
    return this.signers
      .slice(0, most)
      .map((name) => ({ teamId: 'team', connectionId: name, secrets: [{ sealed: name, place: 'here' }] }) as never);
  }
}
