import type { DomainEvent } from '#kernel/events';
import { UnreadableSecret } from '#kernel/errors';
import type { Secrets } from '#kernel/ports';
import type { Vendor } from '../../../gateway/domain/vendor.js';
import type { CaseLinks, CaseSource } from '../../../orders/domain/case-links.js';
import type { InboundEvents, WaitingConnection } from '../../domain/vendor-cases.js';
import { UnknownCases, type UnmatchedEvent } from './unknown-cases.js';

const verifyWebhook = (_body: Buffer, signature: string, secrets: string[]): boolean => secrets.includes(signature);
const vendor = { id: 'fake', webhooks: { verifyWebhook } } as unknown as Vendor;

const webhookEvent = (signature: string, size = 100): UnmatchedEvent => ({
  vendor,
  caseId: `case of ${signature}`,
  rawBody: Buffer.alloc(size),
  signature,
});

describe('webhook events about unmatched cases', () => {
  it('are stored for the connection whose secret signed them, and for no other', async () => {
    const world = new World(['one', 'two']);
    expect(await Promise.all([world.identify(webhookEvent('two')), world.identify(webhookEvent('stranger'))])).toEqual([
      'kept',
      'no_match',
    ]);
    expect(world.kept).toEqual([['two', 'case of two']]);
  });

  it('are not tried with the secrets of connections to another vendor', async () => {
    const world = new World(['one']);
    const elsewhere = { ...webhookEvent('one'), vendor: { ...vendor, id: 'other' } };
    expect(await world.identify(elsewhere)).toBe('no_match');
  });

  it('share one lookup when they arrive together', async () => {
    const world = new World(['one']);
    await world.identify(webhookEvent('stranger'));
    expect(world.lookups).toBe(1);
    await Promise.all(Array.from({ length: 20 }, () => world.identify(webhookEvent('stranger'))));
    // The lookup for the first one starts at once; the others arrive during it and share the next.
    expect(world.lookups).toBe(3);
  });

  it('are answered busy when very many wait, before anything is looked up', async () => {
    const world = new World(['one']);
    const verdicts = await Promise.all(Array.from({ length: 300 }, () => world.identify(webhookEvent('stranger'))));
    // One is looked up at once, and 200 wait.
    expect(verdicts.filter((verdict) => verdict === 'busy')).toHaveLength(99);
    expect(await world.identify(webhookEvent('one'))).toBe('kept');
  });

  it('are answered busy when the hashing budget of a second is used up, and are tried in the next second', async () => {
    const world = new World(Array.from({ length: 400 }, (_, n) => `secret ${n}`));
    const large = Array.from({ length: 5 }, () => world.identify(webhookEvent('stranger', 60 * 1024)));
    expect(await Promise.all(large)).toEqual(['no_match', 'busy', 'busy', 'busy', 'busy']);
    expect(await world.identify(webhookEvent('secret 7', 60 * 1024))).toBe('busy');
    let verdict = 'busy';
    while (verdict === 'busy') verdict = await world.identify(webhookEvent('secret 7'));
    expect(verdict).toBe('kept');
  });

  it('are answered busy, not dropped, when some connections could not be tried', async () => {
    const world = new World(Array.from({ length: 501 }, (_, n) => `secret ${n}`));
    expect(await world.identify(webhookEvent('secret 3'))).toBe('kept');
    expect(await world.identify(webhookEvent('secret 500'))).toBe('busy');
  });

  it('are stored although the secret of another connection cannot be opened', async () => {
    const world = new World(['cannot be opened', 'two']);
    expect(await world.identify(webhookEvent('two'))).toBe('kept');
    expect(await world.identify(webhookEvent('stranger'))).toBe('no_match');
  });
});

/** Connections with orders in progress. Each signs with its own name. */
class World {
  lookups = 0;
  readonly kept: [string, string][] = [];
  private readonly cases: UnknownCases;

  constructor(private readonly signers: string[]) {
    const inboundEvents = {
      waitingForACase: async (of: string, most: number) => (of === vendor.id ? this.lookup(most) : []),
    };
    const links = {
      storeUnmatchedCase: async ({ id }: CaseSource, caseId: string) => {
        this.kept.push([id, caseId]);
        return 'its fingerprint';
      },
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
      inboundEvents as unknown as InboundEvents,
      links as unknown as CaseLinks,
      secrets as unknown as Secrets,
      unitOfWork,
      outbox,
    );
  }

  identify(one: UnmatchedEvent): ReturnType<UnknownCases['identify']> {
    return this.cases.identify(one);
  }

  private lookup(most: number): WaitingConnection[] {
    this.lookups += 1;
    return this.signers
      .slice(0, most)
      .map((name) => ({ teamId: 'team', connectionId: name, secrets: [{ sealed: name, place: 'here' }] }) as never);
  }
}
