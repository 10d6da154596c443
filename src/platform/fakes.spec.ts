import { randomBytes } from 'node:crypto';
import { FakeStore, FakeTable, FakeUnitOfWork } from '../../test/fakes/fake-store.js';
import { FakeAudit, FakeFingerprints, FakeIds, FakeOutbox, FakeSecrets } from '../../test/fakes/platform.js';
import { Gate } from '../../test/contracts/gates.js';
import { idsContract } from '../../test/contracts/platform/ids.contract.js';
import { fingerprintsContract, secretsContract } from '../../test/contracts/platform/secrets.contract.js';
import { unitOfWorkContract } from '../../test/contracts/platform/unit-of-work.contract.js';
import { readCredentialsKeys } from './config/settings.js';
import { Keyring } from './secrets/keyring.js';
import { TimeOrderedIds } from './system.js';

unitOfWorkContract('in memory', () => {
  const store = new FakeStore();
  const [unitOfWork, outbox, audit] = [new FakeUnitOfWork(store), new FakeOutbox(store), new FakeAudit(store)];
  return {
    ...{ unitOfWork, outbox, audit },
    published: async (teamId) => outbox.published.filter(({ event }) => event.teamId === teamId),
    entries: async (teamId) => audit.entries.filter((entry) => entry.teamId === teamId),
  };
});

idsContract('TimeOrderedIds', () => new TimeOrderedIds());
idsContract('FakeIds', () => new FakeIds());

const aKeyring = (kid: string): Keyring =>
  new Keyring(readCredentialsKeys({ CREDENTIALS_KEYS: `${kid}:${randomBytes(32).toString('base64')}` }));
secretsContract('Keyring', () => ({ secrets: aKeyring('own'), another: aKeyring('another') }));
secretsContract('FakeSecrets', () => ({ secrets: new FakeSecrets(), another: new FakeSecrets('another') }));
// The keyed ones need a database: `unit-of-work-contract.db-spec.ts`.
fingerprintsContract('FakeFingerprints', () => new FakeFingerprints());

describe('the fake store', () => {
  let store: FakeStore;
  let table: FakeTable<{ lit: number }>;
  beforeEach(() => {
    store = new FakeStore();
    table = new FakeTable(store);
  });

  it('gives out copies, and keeps copies', () => {
    const row = { lit: 1 };
    table.set('left', row);
    row.lit = 2;
    const read = table.get('left');
    if (read) read.lit = 3;
    expect(table.get('left')).toEqual({ lit: 1 });
  });

  it('keeps an exclusive lock until the transaction ends; the next holder sees what it wrote', async () => {
    const count = async (): Promise<void> => {
      await store.lock('left');
      table.set('left', { lit: (table.get('left')?.lit ?? 0) + 1 });
      await store.lock('right');
    };
    await Promise.all(Array.from({ length: 5 }, () => store.transaction(count)));
    expect(table.get('left')).toEqual({ lit: 5 });
    expect(store.waiting).toBe(0);
  });

  it('shares a shared lock, and not with an exclusive one', async () => {
    const [held, end] = [new Gate(), new Gate()];
    const holder = store.transaction(async () => {
      await store.lock('left', 'shared');
      held.open();
      await end.opened;
    });
    await held.opened;
    expect(await store.transaction(async () => store.tryLock('left', 'shared'))).toBe(true);
    expect(await store.transaction(async () => store.tryLock('left'))).toBe(false);
    end.open();
    await holder;
    expect(await store.transaction(async () => store.tryLock('left'))).toBe(true);
  });

  it('can run every unit twice, as after a deadlock, with one effect', async () => {
    const unitOfWork = new FakeUnitOfWork(store);
    unitOfWork.collides = true;
    let runs = 0;
    await unitOfWork.run(async () => {
      runs += 1;
      table.set('left', { lit: (table.get('left')?.lit ?? 0) + 1 });
    });
    expect([runs, table.get('left')]).toEqual([2, { lit: 1 }]);
  });
});
