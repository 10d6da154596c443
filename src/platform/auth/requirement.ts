import type { Caller } from '#kernel/caller';
import { DomainError, notFound } from '#kernel/errors';
import type { Scope } from '#kernel/scopes';
import type { Located } from './ports.js';
import type { Requirement, RouteScope } from './requires.js';

/** Throws when the caller does not meet a route's requirement: 404 for what they cannot see, 403 for what they may not do. */
export function authorize(caller: Caller, { capability, subject }: Requirement, place: Located | null): void {
  if (subject === undefined) {
    if (capability) caller.require(capability);
    return;
  }
  if (!place || (place.hiddenFrom && caller.isSelf(place.hiddenFrom))) throw notFound();
  if (place.teamWide) {
    if (capability) caller.require(capability);
    return;
  }
  if (place.jobIds.length === 0) {
    if (!caller.can('create_records')) throw notFound();
    if (capability) caller.require(capability);
    return;
  }
  const seen = place.jobIds.filter((jobId) => caller.sees(jobId));
  if (seen.length === 0) throw notFound();
  if (capability && !seen.some((jobId) => caller.can(capability, jobId))) caller.require(capability, seen[0]);
}

/** Throws 403 `scope_missing` for a service account without the route's scope; on a route that has none, for every one. */
export function mustHaveScope(caller: Caller, scope: RouteScope | undefined): void {
  if (!caller.isServiceAccount || scope === 'any' || scope?.some((one) => caller.hasScope(one))) return;
  throw scopeMissing(scope);
}

export const scopeMissing = (oneOf?: readonly Scope[]): DomainError =>
  new DomainError(
    'forbidden',
    'scope_missing',
    oneOf ? `This needs the scope ${oneOf.join(' or ')}.` : 'No scope allows this. Only people may do it.',
  );
