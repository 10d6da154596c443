import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Audit, UnitOfWork } from '#kernel/ports';
import { sessionEnded } from '../domain/errors.js';
import { Sessions, type SessionOwner, type SignInProof } from '../domain/sessions.js';

/** Starts a browser session for a person who proved their identity. `replaces`: the token that the browser had before. */
export class StartSession {
  constructor(
    readonly owner: SessionOwner,
    readonly proof: SignInProof,
    readonly replaces: string | null,
    readonly ip: string,
  ) {}
}

/**
 * Returns the token for the browser's cookie, a new one at every sign-in. Throws `session_ended` when the provider has ended
 * the sign-in meanwhile.
 */
@CommandHandler(StartSession)
export class StartSessionHandler implements ICommandHandler<StartSession, string> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: Sessions,
    private readonly audit: Audit,
  ) {}

  async execute({ owner, proof, replaces, ip }: StartSession): Promise<string> {
    const { teamId, userId } = owner;
    return this.unitOfWork.run(async () => {
      if (await this.sessions.wasEndedMeanwhile(proof)) throw sessionEnded();
      if (replaces !== null) await this.sessions.end(replaces);
      const token = await this.sessions.start(owner, proof);
      const actor = { teamId, user: { id: userId }, ip };
      await this.audit.record(actor, { action: 'session.start', entity: 'user', entityId: userId });
      return token;
    });
  }
}
