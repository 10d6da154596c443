import { DomainError, invalidField } from '#kernel/errors';
import { mostEndpoints } from './webhook-endpoint.js';

export const addressRefused = (message: string): DomainError => invalidField('url', 'address_not_allowed', message);

export const tooManyEndpoints = (): DomainError =>
  new DomainError(
    'conflict',
    'too_many_endpoints',
    `A team has at most ${mostEndpoints} webhook endpoints. Delete one first.`,
  );

export const endpointDisabled = (): DomainError =>
  new DomainError('conflict', 'endpoint_disabled', 'This webhook endpoint is switched off. Switch it on first.');

/** The most events that one replay sends. */
export const mostReplayed = 10_000;

/** So many events wait for the endpoint that a replay would only make it longer until they are sent. */
export const tooManyWaiting = (): DomainError =>
  new DomainError(
    'conflict',
    'too_many_waiting',
    `${mostReplayed} events or more wait for this endpoint already. Replay others once they are sent.`,
  );

export const tooManyEvents = (): DomainError =>
  invalidField(
    'since',
    'too_many_events',
    `More than ${mostReplayed} events happened since then. Choose a later time.`,
  );
