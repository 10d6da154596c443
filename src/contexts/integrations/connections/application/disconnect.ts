import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { Audit, Clock, UnitOfWork } from '#kernel/ports';
import { Connections } from '../domain/connections.js';
import { PlacedOrders } from '../domain/placed-orders.js';

/**
 * Switches the connection to a vendor off. Cases in progress continue, and the credentials stay for them. Orders that may be at the vendor
 * are reconciled and not resent, even after the connection is enabled again. Idempotent.
 */
export class Disconnect {
  constructor(
    readonly caller: Caller,
    readonly vendor: string,
  ) {}
}

@CommandHandler(Disconnect)
export class DisconnectHandler implements ICommandHandler<Disconnect, void> {
  constructor(
    private readonly connections: Connections,
    private readonly orders: PlacedOrders,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async execute({ caller, vendor }: Disconnect): Promise<void> {
    caller.require('manage_integrations');
    await this.unitOfWork.run(async () => {
      await this.connections.lock(caller.teamId);
      const connection = await this.connections.currentOf(caller.teamId, vendor);
      if (!connection || connection.state === 'disabled') return;
      const from = { state: connection.state };
      connection.disable(this.clock.now());
      await this.connections.save(connection);
      await this.orders.markAllDoNotSend(caller.teamId, vendor);
      const [action, entity, entityId] = ['integration.disable', 'integration', connection.id];
      await this.audit.record(caller, { action, entity, entityId, from, to: { state: connection.state } });
    });
  }
}
