import { type AccessLevel, Caller } from '#kernel/caller';
import { FakeStore, FakeUnitOfWork } from '{{top}}test/fakes/fake-store.js';
import { anId, FakeAudit } from '{{top}}test/fakes/platform.js';
import { {{pascalCase name}}, {{pascalCase name}}Handler } from './{{name}}.js';

const aCaller = (level: AccessLevel): Caller =>
  new Caller(anId(), { id: anId(), name: 'Ada' }, level, { kind: 'all_but', jobIds: [] }, new Map(), []);

describe('{{pascalCase name}}', () => {
  const store = new FakeStore();
  const unitOfWork = new FakeUnitOfWork(store);
  const audit = new FakeAudit(store);
  const handler = new {{pascalCase name}}Handler(unitOfWork, audit);

  it('refuses a caller without the right, and stores nothing', async () => {
    const refused = handler.execute(new {{pascalCase name}}(aCaller('restricted'), anId()));
    await expect(refused).rejects.toMatchObject({ reason: 'not_allowed' });
    expect(audit.entries).toEqual([]);
  });

  it('changes what it is for, and says so in the audit log once', async () => {
    unitOfWork.collides = true;
    const entityId = anId();
    await handler.execute(new {{pascalCase name}}(aCaller('admin'), entityId));
    expect(audit.entries).toMatchObject([{ action: '{{action}}', entityId, to: { changed: 'write me' } }]);
  });
});
