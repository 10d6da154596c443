import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { acrossTeamsPurposes } from '../../src/platform/database/scope.js';

const root = join(import.meta.dirname, '..', '..', 'src', 'platform');

/**
 * The product's nouns. Where one is also a word of technology (an order of rows, an application that runs, a check of a value), only
 * the plural or a pair of words is on the list. A job of hiring is not: the kernel decides rights by job, and the queue has jobs.
 */
const nouns = `
  candidate, candidates, applications, application id, hiring, recruiter, interview, interviews, stage, stages, activity, activities,
  assignee, placement, placements, background check, background checks, check id, checks of, vendor, vendors, package, packages, orders,
  order id, certn, webhook, webhooks, report, reports, case id, sweep, discrepancy, circuit breaker`
  .split(',')
  .map((noun) => noun.trim());

/** Files that keep such a word, each with the reason. */
const exceptions: Record<string, string> = {
  'http/api-docs.ts': 'the package of the renderer, as npm means it',
  'audit/append-only.ts': 'a released migration',
  'audit/forgetting.ts': 'a released migration',
  'audit/postgres-audit.ts': 'the name of a stored column, which older releases write, too',
  'audit/chained-entry.ts': 'the name of a stored column, which is part of what every chain proves',
};

/** `ownCandidateIds` and `CANDIDATE_ID` are words like those of a comment. */
const wordsOf = (text: string): string =>
  ` ${text
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[^A-Za-z]+/g, ' ')
    .toLowerCase()} `;

const nounsIn = (text: string): string[] => {
  const words = wordsOf(text);
  return nouns.filter((noun) => words.includes(` ${noun} `));
};

describe('The platform', () => {
  const files = globSync('**/*.ts', { cwd: root }).filter((file) => !file.endsWith('spec.ts'));
  const found = files.flatMap((file) =>
    nounsIn(readFileSync(join(root, file), 'utf8')).map((noun) => `${file}: ${noun}`),
  );

  it('names nothing of the product', () => {
    expect(files.length).toBeGreaterThan(80);
    expect(found.filter((line) => !Object.keys(exceptions).some((file) => line.startsWith(`${file}:`)))).toEqual([]);
  });

  it('has no exception that is not needed any more', () => {
    expect(Object.keys(exceptions).filter((file) => !found.some((line) => line.startsWith(`${file}:`)))).toEqual([]);
  });

  it('would be found to name it, in code, in SQL and in comments', () => {
    expect(nounsIn('readonly ownCandidateIds: Id[]')).toEqual(['candidate']);
    expect(nounsIn("text('VENDOR_PACKAGE')")).toEqual(['vendor', 'package']);
    expect(nounsIn('select order_id from background_check')).toEqual(['background check', 'order id']);
    expect(nounsIn('/** Waits for the webhooks of all vendors. */ order by id')).toEqual(['vendors', 'webhooks']);
  });

  it('reads across teams for a short, named list of purposes', () => {
    expect([...acrossTeamsPurposes]).toEqual([
      'sign-in',
      'inbound-message',
      'health',
      'scheduling',
      'shared-account',
      'operator',
    ]);
  });
});
