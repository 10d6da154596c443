import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';

interface Boundaries {
  forbidden: (IForbiddenRuleType & { name: string })[];
  options: ICruiseOptions;
}

const root = join(import.meta.dirname, '../..');
const probes = join(import.meta.dirname, 'probes');
const boundaries = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as Boundaries;
const rules = boundaries.forbidden.map((rule) => rule.name);

describe('the boundaries between modules', () => {
  it('hold in the source tree', async () => {
    const found = await cruiseFolders(root, ['src', 'web/src', 'packages', 'test', 'scripts']);
    expect(found.violations).toEqual([]);
    expect(found.modules).toBeGreaterThan(1000);
  }, 90_000);

  it('each have a probe', () => {
    expect([...new Set(readdirSync(probes).map(ruleOf))].sort()).toEqual([...rules].sort());
  });

  it.each(readdirSync(probes))('detect the violation in the probe of %s', async (probe) => {
    const rule = ruleOf(probe);
    const folder = join(probes, probe);
    const { violations } = await cruiseFolders(folder, foldersIn(folder));
    expect(violations.map((violation) => violation.split(':')[0])).toContain(rule);
  });
});

/** A rule has a probe of its name, and further ones with a suffix, such as `domain-is-plain+in-a-room`. */
const ruleOf = (probe: string): string | undefined => probe.split('+')[0];

async function cruiseFolders(baseDir: string, folders: string[]): Promise<{ violations: string[]; modules: number }> {
  const ruleSet = { forbidden: boundaries.forbidden };
  const options = { ...boundaries.options, baseDir, ruleSet, validate: true };
  const { output } = await cruise(folders, options, options.enhancedResolveOptions);
  const { summary } = output as ICruiseResult;
  return {
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
    modules: summary.totalCruised,
  };
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}
