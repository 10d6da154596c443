import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', 'src');
const named = (text: string): boolean =>
  /\bqueue\.(job|job_common|job_dependency|queue|instance|version|warning)\b/.test(text);

/** Files that may name a table of pg-boss, each with the reason. */
const allowed: Record<string, string> = {
  'platform/events/queue-tables.ts': 'what its interface cannot do',
  'platform/database/wall.ts': "the rights of the service's role",
  'contexts/integrations/adapters/postgres/migrations/0004-erasing.ts': 'a released migration',
};

describe("The queue's own tables", () => {
  it('are named in one file, in their rights, and in released migrations', () => {
    const files = globSync('**/*.ts', { cwd: root }).filter((file) => !file.endsWith('spec.ts'));
    const found = files.filter((file) => named(readFileSync(join(root, file), 'utf8')));
    expect(found.sort()).toEqual(Object.keys(allowed).sort());
  });
});
