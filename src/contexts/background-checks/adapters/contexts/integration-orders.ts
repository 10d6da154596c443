import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  type CancelAnswer,
  CancelCase,
  type CaseFacts,
  DecideOrder,
  EraseOrder,
  EraseEndedOrder,
  EraseSnapshot,
  GetCase,
  GetOrder,
  type OpenedReport,
  OpenReport,
  type OrderFacts,
  RefreshCase,
  ReportUncancelled,
  type WithdrawAnswer,
  WithdrawOrder,
} from '#contexts/integrations';
import { DomainError } from '#kernel/errors';
import { Orders, type Report, type Verdict } from '../../domain/ports.js';
import type { CaseSnapshot, OrderStatus } from '../../domain/order-status.js';

const statusOf: Record<OrderFacts['state'], OrderStatus['state']> = {
  requested: 'waiting',
  sending: 'waiting',
  in_doubt: 'confirming',
  ordered: 'placed',
  rejected: 'refused',
  needs_decision: 'needs_decision',
  withdrawn: 'withdrawn',
};

@Injectable()
export class IntegrationOrders extends Orders {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {
    super();
  }

  async status(teamId: string, checkId: string): Promise<OrderStatus | null> {
    const order = await this.queries.execute<GetOrder, OrderFacts | null>(new GetOrder(teamId, checkId));
    if (!order) return null;
    const { state, waitingFor, ...shown } = order;
    return {
      ...shown,
      state: statusOf[state],
      connectionActionRequired: waitingFor === 'connection_attention',
      held: waitingFor === 'orders_held',
      waitsToBeResent: waitingFor === 'resends_of_the_hour',
    };
  }

  async lastSnapshot(teamId: string, checkId: string): Promise<CaseSnapshot | null> {
    const found = await this.queries.execute<GetCase, CaseFacts | null>(new GetCase(teamId, checkId));
    return found && { ...found, confirmedAt: new Date(found.confirmedAt) };
  }

  async withdraw(teamId: string, checkId: string, vendor: string): Promise<boolean> {
    const command = new WithdrawOrder(teamId, checkId, vendor);
    return (await this.commands.execute<WithdrawOrder, WithdrawAnswer>(command)) === 'withdrawn';
  }

  erase(teamId: string, checkId: string): Promise<void> {
    return this.commands.execute<EraseOrder, void>(new EraseOrder(teamId, checkId));
  }

  eraseEnded(teamId: string, checkId: string): Promise<boolean> {
    return this.commands.execute<EraseEndedOrder, boolean>(new EraseEndedOrder(teamId, checkId));
  }

  eraseSnapshot(teamId: string, checkId: string): Promise<void> {
    return this.commands.execute<EraseSnapshot, void>(new EraseSnapshot(teamId, checkId));
  }

  async cancelCase(teamId: string, checkId: string): Promise<CancelAnswer> {
    try {
      return await this.commands.execute<CancelCase, CancelAnswer>(new CancelCase(teamId, checkId));
    } catch (error) {
      // The call was not made. That counts as no answer: the cancellation request is kept and sent again later.
      if (error instanceof DomainError && error.reason === 'budget_exhausted') return { kind: 'no_answer' };
      throw error;
    }
  }

  reportUncancelled(teamId: string, checkId: string): Promise<void> {
    return this.commands.execute<ReportUncancelled, void>(new ReportUncancelled(teamId, checkId));
  }

  decide(teamId: string, checkId: string, verdict: Verdict): Promise<void> {
    return this.commands.execute<DecideOrder, void>(new DecideOrder(teamId, checkId, verdict));
  }

  readAgain(teamId: string, checkId: string): Promise<void> {
    return this.commands.execute<RefreshCase, void>(new RefreshCase(teamId, checkId));
  }

  openReport(teamId: string, checkId: string, vendor: string): Promise<Report> {
    return this.commands.execute<OpenReport, OpenedReport>(new OpenReport(teamId, checkId, vendor));
  }
}
