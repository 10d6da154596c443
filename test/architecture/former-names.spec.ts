import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeFiles, projectRoot } from '../support/citations.js';
import { formerTables } from '../support/former-tables.js';

/** Columns whose former name means nothing else. */
const formerColumns = ['doubted_from', 'look_at', 'never_again', 'spared_until', 'probe_until', 'told_at'];
/** The names in SQL. A hyphen behind a name makes it the name of a queue. */
const former = new RegExp(
  `\\b(${formerTables.join('|').replaceAll('.', '\\.')}|${formerColumns.join('|')})\\b(?!-)`,
  'g',
);
const mayNameThem = /\/migrations\/|former-(names|tables)/;

it('no statement uses the former name of a table or column', () => {
  const files = codeFiles.filter((file) => !mayNameThem.test(file));
  expect(files.length).toBeGreaterThan(500);
  const found = files.flatMap((file) =>
    [...readFileSync(join(projectRoot, file), 'utf8').matchAll(former)].map(([name]) => `${file}: ${name}`),
  );
  expect(found).toEqual([]);
});
