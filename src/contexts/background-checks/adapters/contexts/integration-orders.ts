import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  type CancelAnswer,
  CancelCase,
  type CaseFacts,
  DecideOrder,
  EraseOrder,
  ForgetEndedOrder,
  ForgetReading,
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
import type { CaseReading, OrderStanding } from '../../domain/order-status.js';

const standingOf: Record<OrderFacts['state'], OrderStanding['state']> = {
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

  async standing(teamId: string, checkId: string): Promise<OrderStanding | null> {
    const order = await this.queries.execute<GetOrder, OrderFacts | null>(new GetOrder(teamId, checkId));
    if (!order) return null;
    const { state, waitingFor, ...shown } = order;
    return {
      ...shown,
      state: standingOf[state],
      connectionNeedsAttention: waitingFor === 'connection_attention',
      held: waitingFor === 'orders_held',
      waitsToBeResent: waitingFor === 'resends_of_the_hour',
    };
  }

  async lastReading(teamId: string, checkId: string): Promise<CaseReading | null> {
    const found = await this.queries.execute<GetCase, CaseFacts | null>(new GetCase(teamId, checkId));
    return found && { ...found, confirmedAt: new Date(found.confirmedAt) };
  }

  async withdraw(teamId: string, checkId: string): Promise<boolean> {
    const command = new WithdrawOrder(teamId, checkId);
    return (await this.commands.execute<WithdrawOrder, WithdrawAnswer>(command)) === 'withdrawn';
  }

  erase(teamId: string, checkId: string): Promise<void> {
    return this.commands.execute<EraseOrder, void>(new EraseOrder(teamId, checkId));
  }

  forgetEnded(teamId: string, checkId: string): Promise<boolean> {
    return this.commands.execute<ForgetEndedOrder, boolean>(new ForgetEndedOrder(teamId, checkId));
  }

  forgetReading(teamId: string, checkId: string): Promise<void> {
    return this.commands.execute<ForgetReading, void>(new ForgetReading(teamId, checkId));
  }

  async cancelCase(teamId: string, checkId: string): Promise<CancelAnswer> {
    try {
      return await this.commands.execute<CancelCase, CancelAnswer>(new CancelCase(teamId, checkId));
    } catch (error) {
      // Not asked yet is as good as not answered: the wish is kept, and uttered again.
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

  openReport(teamId: string, checkId: string): Promise<Report> {
    return this.commands.execute<OpenReport, OpenedReport>(new OpenReport(teamId, checkId));
  }
}
