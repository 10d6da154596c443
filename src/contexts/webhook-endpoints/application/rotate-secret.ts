import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Clock, Secrets, UnitOfWork } from '#kernel/ports';
import { overlapHours, secretPlace } from '../domain/webhook-endpoint.js';
import { WebhookEndpoints } from '../domain/webhook-endpoints.js';
import { EndpointAudit } from './endpoint-audit.js';
import { newSecret } from './signing.js';

/** Gives an endpoint another secret. For a day the one before signs as well, so that receivers can change over. */
export class RotateSecret {
  constructor(
    readonly caller: Caller,
    readonly endpointId: Id,
  ) {}
}

/** `secret` is not shown again. `previousUntil`: when the secret before stops to sign. */
export interface RotatedSecret {
  secret: string;
  previousUntil: Date;
}

@CommandHandler(RotateSecret)
export class RotateSecretHandler implements ICommandHandler<RotateSecret, RotatedSecret> {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly secrets: Secrets,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: EndpointAudit,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, endpointId }: RotateSecret): Promise<RotatedSecret> {
    caller.require('administer_team');
    const { teamId } = caller;
    const secret = newSecret();
    const previousUntil = new Date(this.clock.now().getTime() + overlapHours * 3600 * 1000);
    await this.unitOfWork.run(async () => {
      const present = await this.endpoints.lock(teamId, endpointId);
      if (!present) throw notFound();
      const sealed = this.secrets.seal(secret, secretPlace(teamId, endpointId));
      await this.endpoints.save({ ...present, secret: sealed, previousSecret: present.secret, previousUntil });
      await this.audit.record(caller, endpointId, 'rotate_secret');
    });
    return { secret, previousUntil };
  }
}
