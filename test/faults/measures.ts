import { readFileSync } from 'node:fs';

/** The value below which this share of the values lies; 0.5 is the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new Error('Nothing was measured.');
  return value;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Resident memory of a process, in MB. */
export function memoryOf(pid: number | undefined): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (line === undefined) throw new Error(`Process ${pid} has no VmRSS line.`);
  return Number(line) / 1024;
}

/** Samples a value until `stop`, which returns the highest. */
export function highest(sample: () => number, everyMs = 50): { stop: () => number } {
  let most = sample();
  const timer = setInterval(() => (most = Math.max(most, sample())), everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      return Math.max(most, sample());
    },
  };
}

/** Prints figures that are not asserted. */
export function report(what: string, numbers: Record<string, number | string>): void {
  const words = Object.entries(numbers).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? round(value) : value}`,
  );
  process.stdout.write(`      ${what}: ${words.join(' · ')}\n`);
}

const round = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));
