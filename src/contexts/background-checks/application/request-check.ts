import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { DomainError, notFound, unknownReference } from '#kernel/errors';
import { Audit, Clock, Ids, Outbox, UnitOfWork } from '#kernel/ports';
import { BackgroundCheck, type CheckRequest } from '../domain/background-check.js';
import { packageUnavailable } from '../domain/errors.js';
import {
  Answers,
  Applications,
  Checks,
  PlannedChecks,
  RememberedSends,
  ScreeningAccount,
  type SendKey,
  SlotTaken,
} from '../domain/ports.js';
import { mustBeAllowedToSend, mustBeSendable } from '../domain/sending-rules.js';

/** A recruiter asks for a check; `package` null means the activity's own. */
export class RequestCheck {
  constructor(
    readonly caller: Caller,
    readonly applicationId: string,
    readonly itemId: string,
    readonly packageId: string | null,
    readonly idempotencyKey: string | null,
  ) {}
}

/** The check as the caller may read it, and whether this is only the repetition of an earlier answer. */
export interface Requested {
  answer: object;
  replayed: boolean;
}

/** Each lost race for the place means that another check was committed: the next look finds it. */
const maxRaces = 5;

@CommandHandler(RequestCheck)
export class RequestCheckHandler implements ICommandHandler<RequestCheck, Requested> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly remembered: RememberedSends,
    private readonly answers: Answers,
    private readonly applications: Applications,
    private readonly plannedChecks: PlannedChecks,
    private readonly account: ScreeningAccount,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {}

  async execute(command: RequestCheck): Promise<Requested> {
    const key = sendKeyOf(command);
    const first = await this.recall(key);
    if (first) return first;
    try {
      return await this.send(command, key, maxRaces);
    } catch (error) {
      // The same request may have been answered while this one was judged: then the refusal is its own shadow.
      const meanwhile = await this.recall(key);
      if (meanwhile) return meanwhile;
      if (error instanceof DomainError) await this.auditRefusal(command, error);
      throw error;
    }
  }

  private async recall(key: SendKey | null): Promise<Requested | null> {
    if (!key) return null;
    const answer = await this.unitOfWork.run(() => this.remembered.recall(key));
    return answer && { answer, replayed: true };
  }

  private async send(command: RequestCheck, key: SendKey | null, racesLeft: number): Promise<Requested> {
    const request = await this.judge(command);
    try {
      return await this.unitOfWork.run(() => this.commit(command.caller, request, key));
    } catch (error) {
      if (error instanceof SlotTaken && racesLeft > 0) return this.send(command, key, racesLeft - 1);
      throw error;
    }
  }

  /** The refusals of the contract, in their order. The vendor's package list may have to be fetched: no transaction here. */
  private async judge({ caller, applicationId, itemId, packageId }: RequestCheck): Promise<CheckRequest> {
    const { teamId } = caller;
    const [application, planned, connectionEnabled, underWay] = await Promise.all([
      this.applications.find(teamId, applicationId),
      this.plannedChecks.find(teamId, itemId),
      this.account.isEnabled(teamId),
      this.checks.holderOfSlot(teamId, applicationId, itemId),
    ]);
    if (!application) throw notFound();
    mustBeAllowedToSend(caller, application);
    if (planned?.jobId !== application.jobId) throw unknownReference('job_stage_item_id');
    const facts = { application, connectionEnabled, underWay };
    mustBeSendable(facts);
    const ordered = await this.account.findOrderable(teamId, packageId ?? planned.packageId);
    if (!ordered) throw packageUnavailable();
    return {
      teamId,
      id: this.ids.next(),
      applicationId: application.id,
      candidateId: application.candidateId,
      jobId: application.jobId,
      jobStageItemId: planned.id,
      packageId: ordered.id,
      packageName: ordered.name,
      sentTo: facts.application.email,
      requestedBy: caller.user.id,
    };
  }

  private async commit(caller: Caller, request: CheckRequest, key: SendKey | null): Promise<Requested> {
    const first = key && (await this.remembered.recall(key));
    if (first) return { answer: first, replayed: true };
    const check = BackgroundCheck.request(request, this.clock.now());
    await this.checks.add(check);
    await this.outbox.publish(check.releaseEvents());
    await this.audit.record(caller, {
      action: 'background_check.send',
      entity: 'background_check',
      entityId: check.id,
      to: { application_id: check.applicationId, package_id: check.packageId },
    });
    const answer = await this.answers.about(caller, check.id);
    if (key) await this.remembered.remember(key, check.id, answer);
    return { answer, replayed: false };
  }

  private async auditRefusal({ caller, applicationId, packageId }: RequestCheck, refusal: DomainError): Promise<void> {
    await this.audit.record(caller, {
      action: 'background_check.send',
      entity: 'application',
      entityId: applicationId,
      outcome: 'refused',
      to: { reason: refusal.reason, package_id: packageId },
    });
  }
}

function sendKeyOf({ caller, applicationId, itemId, packageId, idempotencyKey }: RequestCheck): SendKey | null {
  if (idempotencyKey === null) return null;
  return {
    teamId: caller.teamId,
    userId: caller.user.id,
    path: `/applications/${applicationId}/background_checks`,
    key: idempotencyKey,
    body: JSON.stringify([itemId, packageId]),
  };
}
