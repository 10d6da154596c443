import { DomainError } from '#kernel/errors';

/** `vendor`: its name. */
export const notEnabled = (vendor: string): DomainError =>
  new DomainError(
    'conflict',
    'integration_not_enabled',
    `${vendor} is not connected. An admin can connect it under Integrations.`,
  );
