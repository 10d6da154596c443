import { UserErased } from '#contexts/access';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { JobPermissions } from '../domain/ports.js';

/** Revokes the job permissions of an erased user. */
@HandlesEvent(UserErased, { name: 'revoke-permissions' })
export class WhenUserErased implements EventHandler<UserErased> {
  constructor(private readonly permissions: JobPermissions) {}

  handle({ teamId, userId }: UserErased): Promise<void> {
    return this.permissions.revokeAll(teamId, userId);
  }
}
