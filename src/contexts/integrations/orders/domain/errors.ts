import { DomainError } from '#kernel/errors';

export const nothingToDecide = (): DomainError =>
  new DomainError('conflict', 'nothing_to_decide', 'This order does not need a decision now.');

const inMinutes = (seconds: number): string => (seconds <= 60 ? 'a minute' : `${Math.ceil(seconds / 60)} minutes`);

/** A person says that the vendor does not have an order, while the vendor may still execute it. */
export const notSettledYet = (seconds: number, vendor: string): DomainError =>
  new DomainError(
    'conflict',
    'not_settled_yet',
    `${vendor} may still be taking the first order. Try again in ${inMinutes(seconds)}.`,
    {},
    seconds,
  );
