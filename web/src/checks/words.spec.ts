import { join } from 'node:path';
import { resultLabels, statusLabels } from './words';

interface Labels {
  statusLabels: Record<string, string>;
  resultLabels: Record<string, string>;
}

/** Loaded by its path: the compiler of the console knows nothing of the service, whose rules are others. */
const service = join(import.meta.dirname, '../../../src/contexts/background-checks/views/check-answer.ts');

describe('The words of the console', () => {
  it('are those by which the service calls a status and a result', async () => {
    const theirs = (await import(service)) as Labels;
    expect(statusLabels).toEqual(theirs.statusLabels);
    expect(resultLabels).toEqual(theirs.resultLabels);
  });
});
