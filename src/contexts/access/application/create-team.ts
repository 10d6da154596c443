import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Id } from '#kernel/id';
import { Audit, Clock, operatorFor, UnitOfWork } from '#kernel/ports';
import { Teams, Users } from '../domain/ports.js';
import { Team } from '../domain/team.js';
import { User } from '../domain/user.js';

/** Creates a team with its first admin. This is how an installation without users begins. */
export class CreateTeam {
  constructor(
    readonly teamId: string,
    readonly name: string,
    readonly admin: { id: Id; name: string; email: string; externalId: string | null },
  ) {}
}

@CommandHandler(CreateTeam)
export class CreateTeamHandler implements ICommandHandler<CreateTeam, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly teams: Teams,
    private readonly users: Users,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  async execute({ teamId, name, admin }: CreateTeam): Promise<void> {
    const now = this.clock.now();
    await this.unitOfWork.run(async () => {
      await this.teams.add(new Team(teamId, name, now));
      await this.users.add(
        new User(teamId, admin.id, admin.name, admin.email, admin.externalId, 'admin', false, [], now),
      );
      const to = { command: 'team:create', admin_id: admin.id };
      await this.audit.record(operatorFor(teamId), { action: 'team.create', entity: 'team', entityId: teamId, to });
    });
  }
}
