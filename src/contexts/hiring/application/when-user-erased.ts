import { UserErased } from '#contexts/access';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { JobPermissions } from '../domain/ports.js';

/** What an erased user was granted on jobs is void. */
@HandlesEvent(UserErased, { name: 'revoke-permissions' })
export class WhenUserErased implements EventHandler<UserErased> {
  constructor(private readonly permissions: JobPermissions) {}

  handle({ teamId, userId }: UserErased): Promise<void> {
    return this.permissions.revokeAll(teamId, userId);
  }
}
