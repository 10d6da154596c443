import type { Application } from '../domain/application.js';
import { alreadyApplied } from '../domain/errors.js';
import type { Applications } from '../domain/ports.js';

/** Throws `already_applied` when the candidate has an active application for the job. Call it before one becomes active. */
export async function mustBeTheOnlyActive(
  applications: Applications,
  { teamId, candidateId, jobId }: Pick<Application, 'teamId' | 'candidateId' | 'jobId'>,
): Promise<void> {
  const active = await applications.activeOne(teamId, candidateId, jobId);
  if (active) throw alreadyApplied(active);
}
