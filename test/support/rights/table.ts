import { type CallerName, callers } from './callers.js';

/** One line of a table: the result for each caller. */
export type Row = Record<CallerName, string>;

/** Routes with the same results, and a row for each place (or one row `team` where no job is named). */
export interface Block {
  routes: string[];
  rows: Map<string, Row>;
}

const methods = /^(GET|POST|PUT|PATCH|DELETE) \//;

function rowOf(cells: string[], line: string): Row {
  if (cells.length !== callers.length) throw new Error(`Not one cell for each caller: ${line}`);
  return Object.fromEntries(callers.map((caller, i) => [caller, cells[i]])) as Row;
}

/** Parses the tables: routes, then the callers' names, then rows. An empty line ends a block. */
export function blocksOf(table: string): Block[] {
  return table
    .trim()
    .split(/\n\s*\n/)
    .map((text) => {
      const lines = text.split('\n').map((line) => line.trim());
      const routes = lines.filter((line) => methods.test(line));
      const [header, ...rows] = lines.filter((line) => !methods.test(line));
      if (header?.split(/\s+/).join() !== callers.join()) throw new Error(`Not the callers: ${header}`);
      const parsed = rows.map((line) => {
        const [name = '', ...cells] = line.split(/\s+/);
        return [name, rowOf(cells, line)] as const;
      });
      return { routes, rows: new Map(parsed) };
    });
}

/** Parses a table whose lines begin with a text of up to three words: the callers' names, then a line for each text. */
export function rowsOf(table: string): Map<string, Row> {
  const [header = '', ...lines] = table.trim().split('\n');
  if (header.trim().split(/\s+/).join() !== callers.join()) throw new Error(`Not the callers: ${header}`);
  return new Map(
    lines.map((line) => {
      const words = line.trim().split(/\s+/);
      const cells = words.splice(-callers.length);
      return [words.join(' '), rowOf(cells, line)];
    }),
  );
}
