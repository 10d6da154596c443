import { DomainError } from '#kernel/errors';

export const notEnabled = (): DomainError =>
  new DomainError(
    'conflict',
    'integration_not_enabled',
    'Certn is not connected. An admin can connect it under Integrations.',
  );
