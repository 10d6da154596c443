import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Audit, UnitOfWork } from '#kernel/ports';
import { malformedLogout } from '../domain/errors.js';
import { type VerifiedLogout, Sessions } from '../domain/sessions.js';

/** The person signs out. */
export class EndSession {
  constructor(
    readonly token: string,
    readonly ip: string,
  ) {}
}

@CommandHandler(EndSession)
export class EndSessionHandler implements ICommandHandler<EndSession, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: Sessions,
    private readonly audit: Audit,
  ) {}

  async execute({ token, ip }: EndSession): Promise<void> {
    await this.unitOfWork.run(async () => {
      const owner = await this.sessions.end(token);
      if (!owner) return;
      const { teamId, userId } = owner;
      const actor = { teamId, user: { id: userId }, ip };
      await this.audit.record(actor, { action: 'session.end', entity: 'user', entityId: userId });
    });
  }
}

/** The identity provider reports that a person signed out there, or was signed out. Each logout token is accepted once. */
export class EndSessionsAtProvider {
  constructor(readonly logout: VerifiedLogout) {}
}

@CommandHandler(EndSessionsAtProvider)
export class EndSessionsAtProviderHandler implements ICommandHandler<EndSessionsAtProvider, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: Sessions,
    private readonly audit: Audit,
  ) {}

  async execute({ logout }: EndSessionsAtProvider): Promise<void> {
    await this.unitOfWork.run(async () => {
      if (!(await this.sessions.takeLogout(logout))) throw malformedLogout();
      for (const { teamId, userId } of await this.sessions.endAtProvider(logout)) {
        const entry = { action: 'session.end', entity: 'user', entityId: userId, to: { by: 'identity_provider' } };
        await this.audit.record({ teamId, user: null, ip: null }, entry);
      }
    });
  }
}
