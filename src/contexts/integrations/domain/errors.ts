import { DomainError } from '#kernel/errors';

export const notEnabled = (): DomainError =>
  new DomainError('conflict', 'integration_not_enabled', 'Certn is not connected. An admin can connect it.');

export const nothingToDecide = (): DomainError =>
  new DomainError('conflict', 'nothing_to_decide', 'Nobody needs to decide about this order now.');
