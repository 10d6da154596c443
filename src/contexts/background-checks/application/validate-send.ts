import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { type DomainError, notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Ids } from '#kernel/ports';
import type { CheckRequest } from '../domain/background-check.js';
import { packageUnavailable } from '../domain/errors.js';
import { Applications, Checks, PlannedChecks, ScreeningAccount } from '../domain/ports.js';
import { mustBeAllowedToSend, mustBeOpen, mustBeSendable } from '../domain/sending-rules.js';

/** What somebody wants sent. Null: the activity's own package, the candidate's own address. */
export interface Wish {
  applicationId: Id;
  itemId: Id;
  packageId: string | null;
  email: string | null;
  replacesId: string | null;
  /** How to say that the plan has no such activity. */
  itemGone: () => DomainError;
}

/** Whether a check may be sent, and what exactly would be: the refusals of the contract, in their order. */
@Injectable()
export class ValidateSend {
  constructor(
    private readonly checks: Checks,
    private readonly applications: Applications,
    private readonly plannedChecks: PlannedChecks,
    private readonly account: ScreeningAccount,
    private readonly ids: Ids,
  ) {}

  /** Judged before the transaction, an application may have been closed since: asked again inside it. */
  async mustStillBeActive({ teamId, applicationId }: CheckRequest): Promise<void> {
    const application = await this.applications.find(teamId, applicationId);
    if (!application) throw notFound();
    mustBeOpen(application);
  }

  /** The vendor's package list may have to be fetched: never in a transaction. */
  async of(caller: Caller, wish: Wish): Promise<CheckRequest> {
    const { teamId } = caller;
    const { applicationId, itemId, packageId, email, replacesId, itemGone } = wish;
    const [found, planned, connectionEnabled, underWay] = await Promise.all([
      this.applications.find(teamId, applicationId),
      this.plannedChecks.find(teamId, itemId),
      this.account.isEnabled(teamId),
      this.checks.holderOfSlot(teamId, applicationId, itemId),
    ]);
    if (!found) throw notFound();
    mustBeAllowedToSend(caller, found);
    if (planned?.jobId !== found.jobId) throw itemGone();
    const facts = { application: { ...found, email: email ?? found.email }, connectionEnabled, underWay };
    mustBeSendable(facts);
    const ordered = await this.account.findOrderable(teamId, packageId ?? planned.packageId);
    if (!ordered) throw packageUnavailable();
    const { id, candidateId, jobId } = found;
    return {
      ...{ teamId, id: this.ids.next(), applicationId: id, candidateId, jobId, jobStageItemId: planned.id },
      ...{ packageId: ordered.id, packageName: ordered.name, sentTo: facts.application.email },
      ...{ requestedBy: caller.user.id, replacesId },
    };
  }
}
