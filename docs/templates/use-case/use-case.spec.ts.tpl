import { type AccessLevel, Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { type Actor, Audit, type AuditEntry, UnitOfWork } from '#kernel/ports';
import { {{pascalCase name}}, {{pascalCase name}}Handler } from './{{name}}.js';

const id = '01890a5d-ac96-774b-bcce-b302099a8057' as Id;

const aCaller = (level: AccessLevel): Caller =>
  new Caller('team', { id, name: 'Ada' }, level, { kind: 'all_but', jobIds: [] }, new Map(), []);

class OneTransaction extends UnitOfWork {
  run<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
}

class WrittenEntries extends Audit {
  readonly written: AuditEntry[] = [];
  async record(_actor: Actor, entry: AuditEntry): Promise<void> {
    this.written.push(entry);
  }
}

describe('{{pascalCase name}}', () => {
  const audit = new WrittenEntries();
  const handler = new {{pascalCase name}}Handler(new OneTransaction(), audit);

  it('refuses a caller without the right', async () => {
    const refused = handler.execute(new {{pascalCase name}}(aCaller('restricted'), id));
    await expect(refused).rejects.toMatchObject({ reason: 'not_allowed' });
    expect(audit.written).toEqual([]);
  });

  it('changes what it is for, and says so in the audit log', async () => {
    await handler.execute(new {{pascalCase name}}(aCaller('admin'), id));
    expect(audit.written).toEqual([
      { action: '{{action}}', entity: '{{entity}}', entityId: id, to: { changed: 'write me' } },
    ]);
  });
});
