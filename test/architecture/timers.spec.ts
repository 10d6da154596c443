import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', 'src');

/** What repeats without being recurring work of the service, each with the reason. */
const others: Record<string, string> = {
  'platform/database/database-clock.ts': 'the clock of each process, also of one that works no jobs',
  'platform/events/notifications.ts': 'the heartbeat of one connection',
  'platform/http/edge.ts': 'the time limit of one request',
  'contexts/interview-planning/adapters/http/running-imports.ts': 'as long as one import runs',
};

describe('Recurring work', () => {
  it('is a Ticker, which never overlaps, spaces out failures and stops with the process', () => {
    const files = globSync('**/*.ts', { cwd: root }).filter((file) => !file.endsWith('spec.ts'));
    const repeating = files.filter((file) => readFileSync(join(root, file), 'utf8').includes('setInterval('));
    expect(repeating.sort()).toEqual(Object.keys(others).sort());
  });
});
