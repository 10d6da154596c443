import { join } from 'node:path';
import { type PlanItem, resultLabels, statusLabel, statusLabels, whyNoSending } from './words';

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

  it('name the vendor of the check', () => {
    expect(statusLabel('confirming', 'Plainscreen')).toBe('Confirming with Plainscreen');
    expect(statusLabel('complete', 'Plainscreen')).toBe('Complete');
  });
});

describe('The reason why no check can be sent', () => {
  it('names the vendor of the activity', () => {
    const item = { vendor: 'plainscreen', vendor_name: 'Plainscreen' } as PlanItem;
    expect(whyNoSending(item, 'integration_not_enabled')).toMatch(/^Plainscreen is not connected\./);
    expect(whyNoSending(item, 'check_in_progress')).toBe('A check is already in progress.');
  });
});
