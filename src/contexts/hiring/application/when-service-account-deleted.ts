import { ServiceAccountDeleted } from '#contexts/access';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { JobPermissions } from '../domain/ports.js';

/** Revokes the job permissions of a deleted service account. */
@HandlesEvent(ServiceAccountDeleted, { name: 'revoke-permissions' })
export class WhenServiceAccountDeleted implements EventHandler<ServiceAccountDeleted> {
  constructor(private readonly permissions: JobPermissions) {}

  handle({ teamId, accountId }: ServiceAccountDeleted): Promise<void> {
    return this.permissions.revokeAll(teamId, accountId);
  }
}
