import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Accepted, breakingChanges, judged } from './api-changes.ts';
import { checkout } from './local-run.ts';

const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(checkout, ...path), 'utf8'));

const changes = breakingChanges(read('.ci', 'last-release-openapi.json') as object, read('openapi.json') as object);
const { refused, unused } = judged(changes, read('.ci', 'accepted-api-changes.json') as Accepted[]);

for (const { action, path, before, after } of refused) {
  console.log(`${action} ${path}: ${JSON.stringify(before) ?? '-'} → ${JSON.stringify(after) ?? '-'}`.slice(0, 300));
}
for (const { change } of unused) console.log(`accepted, and did not happen: ${change}`);
if (refused.length + unused.length > 0) {
  console.log(
    `\n${refused.length} changes may break clients of the last release. Undo them, or accept them with a reason in .ci/accepted-api-changes.json.`,
  );
  process.exit(1);
}
console.log(`No change that breaks clients of the last release, besides ${changes.length} that were accepted.`);
