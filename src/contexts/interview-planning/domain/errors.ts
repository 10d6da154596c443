import { DomainError, invalidField } from '#kernel/errors';
import { importsPerTeam, mostItems, mostStages } from './limits.js';

/** `vendor`: its name. */
export const integrationNotEnabled = (vendor: string): DomainError =>
  new DomainError(
    'conflict',
    'integration_not_enabled',
    `${vendor} is not connected. An admin can connect it under Integrations.`,
  );

/** `vendor`: its name. */
export const packageUnavailable = (vendor: string): DomainError =>
  invalidField(
    'package_id',
    'package_unavailable',
    `This package is not available in your ${vendor} account. Choose another one.`,
  );

export const stageInUse = (applications: number): DomainError =>
  new DomainError(
    'conflict',
    'stage_in_use',
    applications === 1
      ? 'An active application is in this stage. Move it to another stage first.'
      : `${applications} active applications are in this stage. Move them to another stage first.`,
  );

export const tooManyStages = (): DomainError =>
  new DomainError(
    'conflict',
    'too_many_stages',
    `An interview plan has at most ${mostStages} stages. Remove some first.`,
  );

export const tooManyItems = (): DomainError =>
  new DomainError('conflict', 'too_many_items', `A stage has at most ${mostItems} activities. Remove some first.`);

export const tooManyImports = (): DomainError =>
  new DomainError(
    'too_many',
    'too_many_imports',
    `Your team is already running ${importsPerTeam} imports. Wait until one has ended.`,
    {},
    30,
  );
