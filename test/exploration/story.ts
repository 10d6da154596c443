import type { Exploration } from './explore.js';

/** The size of an exploration and, when a rule is broken, the story that broke it. */
export function summaryOf(name: string, found: Exploration, seconds: number): string {
  const { states, steps, ends, made, endStates } = found;
  const byState = Object.entries(endStates).map(([state, count]) => `${count} ${state}`);
  const size = `${states} states, ${steps} steps, ${ends} ends (${byState.join(', ')}); ${made} statements; ${seconds.toFixed(1)} s`;
  return `${name}: ${size}${found.broken ? `\n${storyOf(found.broken)}` : ''}`;
}

export function storyOf({ rule, story }: NonNullable<Exploration['broken']>): string {
  return [rule, ...story.map((line, index) => `${String(index + 1).padStart(4)}. ${line}`)].join('\n');
}
