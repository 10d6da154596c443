import { CasesWorld } from '../../../../../../test/fakes/integrations/cases-world.js';
import { FakeInboundEvents } from '../../../../../../test/fakes/integrations/fake-inbound-events.js';
import { anId, FakeSecrets } from '../../../../../../test/fakes/platform.js';
import type { Connection } from '../../../connections/domain/connection.js';
import { webhookSecretPlace } from '../../../connections/domain/secret-places.js';
import type { Vendor } from '../../../gateway/domain/vendor.js';
import type { WaitingConnection } from '../../domain/vendor-cases.js';
import { UnknownCases, type UnknownVerdict } from './unknown-cases.js';

class CountedLookups extends FakeInboundEvents {
  lookups = 0;

  override waitingForACase(vendor: string, most: number): Promise<WaitingConnection[]> {
    this.lookups += 1;
    return super.waitingForACase(vendor, most);
  }
}

/** Connections of as many teams, each with an order that is being sent. */
class Signers {
  readonly world = new CasesWorld();
  readonly events = new CountedLookups(this.world.tables, this.world.connections);
  readonly connections: Connection[] = [];
  readonly cases = new UnknownCases(
    ...([this.events, this.world.links, this.world.secrets, this.world.unitOfWork, this.world.outbox] as const),
  );

  static async of(count: number): Promise<Signers> {
    const signers = new Signers();
    for (let nth = 0; nth < count; nth += 1) await signers.add();
    return signers;
  }

  async add(secrets = this.world.secrets): Promise<void> {
    const { world } = this;
    const connection = world.aConnection();
    const { teamId, id } = connection;
    connection.webhookSecret.sealed = secrets.seal(`secret of ${id}`, webhookSecretPlace(teamId, id));
    const order = { teamId, id: anId(), packageId: 'basic', email: 'ada@example.org' };
    await world.unitOfWork.run(async () => {
      await world.connections.add(connection);
      await world.orders.addIfAbsent(order, connection);
    });
    const stored = world.tables.order(teamId, order.id);
    if (stored) world.tables.saveOrder({ ...stored, state: 'sending' });
    this.connections.push(connection);
    world.outbox.take();
  }

  /** An event about a case that no order has, signed by the nth connection, or by a stranger. */
  async identify(signer: number | 'stranger', size = 100, vendor = this.vendor): Promise<UnknownVerdict> {
    const rawBody = Buffer.alloc(size);
    const id = signer === 'stranger' ? signer : this.connections[signer]?.id;
    const signature = this.world.vendor.signWebhook(rawBody, `secret of ${id}`);
    return this.cases.identify({ vendor, caseId: `case of ${signer}`, rawBody, signature });
  }

  /** A hundred and more at the same moment. */
  all(count: number, ...event: Parameters<Signers['identify']>): Promise<UnknownVerdict[]> {
    return Promise.all(Array.from({ length: count }, () => this.identify(...event)));
  }

  get vendor(): Vendor {
    return this.world.vendors.of('fake');
  }

  get kept(): [connection: string, caseId: string][] {
    return this.world.tables.unmatchedCases.all().map(({ connectionId, caseId }) => [connectionId, caseId]);
  }
}

describe('webhook events about unmatched cases', () => {
  it('are stored for the connection whose secret signed them, and for no other', async () => {
    const signers = await Signers.of(2);
    const verdicts = await Promise.all([signers.identify(1), signers.identify('stranger')]);
    expect(verdicts).toEqual(['kept', 'no_match']);
    const signer = signers.connections[1];
    expect(signers.kept).toEqual([[signer?.id, 'case of 1']]);
    expect(signers.world.outbox.take()).toMatchObject([{ teamId: signer?.teamId, connectionId: signer?.id }]);
  });

  it('are not tried with the secrets of connections to another vendor', async () => {
    const signers = await Signers.of(1);
    expect(await signers.identify(0, 100, { ...signers.vendor, id: 'other' })).toBe('no_match');
  });

  it('share one lookup when they arrive together', async () => {
    const signers = await Signers.of(1);
    await signers.identify('stranger');
    expect(signers.events.lookups).toBe(1);
    await signers.all(20, 'stranger');
    // The lookup for the first one starts at once; the others arrive during it and share the next.
    expect(signers.events.lookups).toBe(3);
  });

  it('are answered busy when very many wait, before anything is looked up', async () => {
    const signers = await Signers.of(1);
    const verdicts = await signers.all(300, 'stranger');
    // One is looked up at once, and 200 wait.
    expect(verdicts.filter((verdict) => verdict === 'busy')).toHaveLength(99);
    expect(await signers.identify(0)).toBe('kept');
  });

  it('are answered busy when the hashing budget of a second is used up, and are tried in the next second', async () => {
    const signers = await Signers.of(400);
    expect(await signers.all(5, 'stranger', 60 * 1024)).toEqual(['no_match', 'busy', 'busy', 'busy', 'busy']);
    expect(await signers.identify(7, 60 * 1024)).toBe('busy');
    let verdict: UnknownVerdict = 'busy';
    while (verdict === 'busy') verdict = await signers.identify(7);
    expect(verdict).toBe('kept');
  });

  it('are answered busy, not dropped, when some connections could not be tried', async () => {
    const signers = await Signers.of(501);
    expect(await signers.identify(3)).toBe('kept');
    expect(await signers.identify(500)).toBe('busy');
  });

  it('are stored although the secret of another connection cannot be opened', async () => {
    const signers = new Signers();
    await signers.add(new FakeSecrets('a lost key'));
    await signers.add();
    expect(await signers.identify(1)).toBe('kept');
    expect(await signers.identify('stranger')).toBe('no_match');
  });
});
