import { DomainError, invalidField } from '#kernel/errors';

export const integrationNotEnabled = (): DomainError =>
  new DomainError('conflict', 'integration_not_enabled', 'Connect Certn first: the integration is not enabled.');

export const packageUnavailable = (): DomainError =>
  invalidField(
    'package_id',
    'package_unavailable',
    'This Certn package is not in your account any more, or is inactive. Choose another one.',
  );

export const stageInUse = (applications: number): DomainError =>
  new DomainError(
    'conflict',
    'stage_in_use',
    applications === 1
      ? 'An active application is in this stage. Move it to another stage first.'
      : `${applications} active applications are in this stage. Move them to another stage first.`,
  );

/** A field that belongs to the other kind of activity. */
export const notOfThisActivity = (field: string): DomainError =>
  invalidField(field, 'invalid_request', `${field} does not belong to this kind of activity.`);

export const fieldMissing = (field: string, sentence: string): DomainError =>
  invalidField(field, 'invalid_request', sentence);
