import { List } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Months } from './retention';

export const inMonths = (months: number): string => (months === 1 ? '1 month' : `${months} months`);

/** Whether somebody is anonymised sooner than by the present rule. */
export const isStricter = (present: Months, wish: Months): boolean => wish !== null && wish < (present ?? Infinity);

/** What a change of the rule does, before it does it. */
export function Consequences({ present, wish }: { present: Months; wish: Months }): ReactNode {
  const points = isStricter(present, wish) ? stricter(wish ?? 0) : looser(wish);
  return (
    <List size="sm" spacing="xs">
      {points.map((point) => (
        <List.Item key={point}>{point}</List.Item>
      ))}
    </List>
  );
}

const stricter = (months: number): string[] => [
  `Whoever was rejected on every job is anonymised ${inMonths(months)} after the last application was closed; whoever never applied, ${inMonths(months)} after they were added.`,
  'Their checks under way are cancelled at Certn. Names, addresses, phone numbers and links to Certn are removed everywhere.',
  'This cannot be undone.',
  'In the first week the rule anonymises nobody: look under "Due soon", and put on legal hold whom you must keep.',
];

const looser = (wish: Months): string[] => [
  wish === null
    ? "The rule anonymises nobody any more. An admin still can, on the candidate's page."
    : `Who would have been anonymised sooner is kept until ${inMonths(wish)} after the last application was closed.`,
  'Who was anonymised already stays anonymised.',
];
