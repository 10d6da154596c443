import { join } from 'node:path';
import { resultLabels, statusLabels } from './words';

interface Labels {
  statusLabels: Record<string, string>;
  resultLabels: Record<string, string>;
}

/** Loaded by path: the console's compiler has other rules than the service's and does not know its files. */
const service = join(import.meta.dirname, '../../../src/contexts/background-checks/views/check-answer.ts');

describe('The labels of the console', () => {
  it('match the status and result labels of the service', async () => {
    const theirs = (await import(service)) as Labels;
    expect(statusLabels).toEqual(theirs.statusLabels);
    expect(resultLabels).toEqual(theirs.resultLabels);
  });
});
