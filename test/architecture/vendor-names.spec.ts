import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const folder = 'src/contexts/integrations/vendors';
const vendors = readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
const name = new RegExp(vendors.map((vendor) => vendor.name).join('|'), 'i');

/**
 * What still names a vendor outside of its folder, by the reason. The lists only shrink: a file that no longer names one must
 * leave them, and no file may join.
 */
const left: Record<string, string[]> = {
  'descriptions of the public API': [
    'src/contexts/background-checks/adapters/http/application-checks.controller.ts',
    'src/contexts/background-checks/adapters/http/background-checks.controller.ts',
    'src/contexts/background-checks/adapters/http/resend-and-decide.controller.ts',
    'src/openapi.ts',
  ],
  'the vendor of a check, which its rows do not name': ['src/contexts/integrations/contract.ts'],
  'what a check stores and says about its vendor': [
    'src/contexts/background-checks/domain/background-check.ts',
    'src/contexts/background-checks/domain/errors.ts',
    'src/contexts/background-checks/domain/order-outcome.ts',
    'src/contexts/background-checks/domain/ports.ts',
    'src/contexts/background-checks/domain/sending-rules.ts',
    'src/contexts/background-checks/views/check-answer.ts',
    'src/contexts/interview-planning/domain/errors.ts',
  ],
  'the kind of activity that is named after the vendor': [
    'src/contexts/interview-planning/activities/certn_background_check/certn-background-check.ts',
    'src/contexts/interview-planning/activities/index.ts',
  ],
  'what commands say to operators': ['src/commands/erasures.ts', 'src/commands/restored.ts'],
};

/** Of the product: no specs, and no migrations, because those that were released do not change. */
const naming = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map((file) => `src/${file}`)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts') && !file.includes('/migrations/'))
  .filter((file) => !file.startsWith(`${folder}/`) && name.test(readFileSync(join(root, file), 'utf8')))
  .sort();

describe('The name of a vendor', () => {
  it('is in its folder and on the list of vendors only, besides what is left to change', () => {
    expect(vendors.length).toBeGreaterThan(0);
    expect(naming).toEqual(Object.values(left).flat().sort());
  });

  // The generated client is what the API says of itself.
  it('is nowhere in the console: files, types and sentences take it from the API', () => {
    const files = readdirSync(join(root, 'web/src'), { recursive: true, encoding: 'utf8' });
    const written = files.filter((file) => /(?<!spec)\.tsx?$/.test(file) && file !== 'api/schema.ts');
    const texts = written.map((file) => `${file}\n${readFileSync(join(root, 'web/src', file), 'utf8')}`);
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => name.test(text)).map((text) => text.split('\n')[0])).toEqual([]);
  });
});
