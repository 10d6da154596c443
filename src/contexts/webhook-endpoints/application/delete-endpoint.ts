import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { UnitOfWork } from '#kernel/ports';
import { WebhookEndpoints } from '../domain/webhook-endpoints.js';
import { EndpointAudit } from './endpoint-audit.js';

/** Deletes an endpoint with its log. Nothing is sent to it any more. */
export class DeleteEndpoint {
  constructor(
    readonly caller: Caller,
    readonly endpointId: Id,
  ) {}
}

@CommandHandler(DeleteEndpoint)
export class DeleteEndpointHandler implements ICommandHandler<DeleteEndpoint, void> {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: EndpointAudit,
  ) {}

  async execute({ caller, endpointId }: DeleteEndpoint): Promise<void> {
    caller.require('administer_team');
    await this.unitOfWork.run(async () => {
      const present = await this.endpoints.lock(caller.teamId, endpointId);
      if (!present) throw notFound();
      await this.endpoints.remove(caller.teamId, endpointId);
      await this.audit.record(caller, endpointId, 'delete', { from: present });
    });
  }
}
