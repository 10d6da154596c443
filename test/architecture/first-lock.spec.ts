import { Migration } from '@mikro-orm/migrations';
import { Changes as ChangesOfHiring } from '../../src/contexts/hiring/adapters/postgres/migrations/0074-changes.js';
import { Changes as ChangesOfPlanning } from '../../src/contexts/interview-planning/adapters/postgres/migrations/0074-changes.js';
import { Changes as ChangesOfChecks } from '../../src/contexts/background-checks/adapters/postgres/migrations/0074-changes.js';
import { VendorsOfChecks } from '../../src/contexts/background-checks/adapters/postgres/migrations/0067-vendors-of-checks.js';
import { PlainNames as PlainNamesOfChecks } from '../../src/contexts/background-checks/adapters/postgres/migrations/0065-plain-names.js';
import { PlainNames } from '../../src/contexts/integrations/adapters/postgres/migrations/0065-plain-names.js';
import { ErasedCasesHaveAHost } from '../../src/contexts/integrations/adapters/postgres/migrations/0068-erased-cases-have-a-host.js';
import { ConnectionPerVendor } from '../../src/contexts/integrations/adapters/postgres/migrations/0066-connection-per-vendor.js';
import { VendorsOfActivities } from '../../src/contexts/interview-planning/adapters/postgres/migrations/0067-vendors-of-activities.js';

type Made = new (...given: never[]) => Migration;

/** In the order in which they run. */
const ofThisRelease: Made[] = [
  ChangesOfHiring,
  VendorsOfActivities,
  ChangesOfPlanning,
  PlainNamesOfChecks,
  VendorsOfChecks,
  ChangesOfChecks,
  PlainNames,
  ConnectionPerVendor,
  ErasedCasesHaveAHost,
];

async function statementsOf(made: Made): Promise<string[]> {
  const migration = new made();
  await migration.up();
  return migration.getQueries().map(String);
}

/** Tables that exist before the migration and that a statement changes. */
const changed = (statement: string): string[] =>
  [
    ...statement.matchAll(
      /(?:alter table|index \w+ on|lock table|replace view|(?:insert|update|delete) on) ("?\w+"?\.(?!"order")"?\w+"?)/g,
    ),
  ].map(([, table = '']) => table.replaceAll('"', ''));

describe('The migrations of a release', () => {
  it('take all of their locks with the first statement, because they keep them until all are done', async () => {
    const [first = '', ...others] = (await Promise.all(ofThisRelease.map(statementsOf))).flat();
    const locked = [...first.matchAll(/'(\w+\.\w+)'/g)].map(([, table]) => table);
    const later = [...new Set(others.flatMap(changed))];
    expect(later.length).toBeGreaterThan(8);
    // The new names exist only after the rename, whose table is locked under the old one.
    const renamed = new Set(
      others.flatMap((one) =>
        [...one.matchAll(/alter table "?(\w+)"?\."?\w+"? rename to "?(\w+)"?/g)].map(
          ([, schema, to]) => `${schema}.${to}`,
        ),
      ),
    );
    expect(later.filter((table) => !locked.includes(table) && !renamed.has(table))).toEqual([]);
  });
});
