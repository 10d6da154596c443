import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The last run over a piece of the code. Timeouts count as killed. */
export interface PieceScore {
  mutants: number;
  killed: number;
  /** The day, as YYYY-MM-DD. */
  date: string;
  /** The commit that was checked out, with a `+` when files differed from it. */
  commit: string;
}

const file = join(import.meta.dirname, 'score.json');

export const scores = (): Record<string, PieceScore> =>
  JSON.parse(readFileSync(file, 'utf8')) as Record<string, PieceScore>;

export function keepScore(piece: string, score: PieceScore): void {
  const kept = Object.entries({ ...scores(), [piece]: score }).sort(([one], [other]) => (one < other ? -1 : 1));
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
}

/** Killed mutants per hundred, over all given pieces together. */
export function percentOf(pieces: PieceScore[]): number {
  const sum = (of: (score: PieceScore) => number): number => pieces.reduce((total, score) => total + of(score), 0);
  return (
    (100 * sum(({ killed }) => killed)) /
    Math.max(
      1,
      sum(({ mutants }) => mutants),
    )
  );
}
