import { Injectable } from '@nestjs/common';
import type { Id } from '#kernel/id';
import { type Located, SubjectLocator } from '#platform/auth/ports';
import { UsersView } from '../../views/users.js';

@Injectable()
export class UserLocator extends SubjectLocator {
  readonly subject = 'user';
  readonly fields = ['user_id', 'assignee_id', 'actor_id'];

  constructor(private readonly people: UsersView) {
    super();
  }

  async locate(teamId: string, id: Id): Promise<Located | null> {
    return (await this.people.isOf(teamId, id)) ? { jobIds: [], teamWide: true } : null;
  }
}
