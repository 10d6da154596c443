import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Located } from './ports.js';
import type { Requirement } from './requires.js';

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
