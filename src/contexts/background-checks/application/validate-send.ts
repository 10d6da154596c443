import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { type DomainError, notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Ids } from '#kernel/ports';
import type { CheckRequest } from '../domain/background-check.js';
import { packageUnavailable } from '../domain/errors.js';
import { Applications, Checks, PlannedChecks, ScreeningAccounts } from '../domain/ports.js';
import { mustBeAllowedToSend, mustBeOpen, mustBeSendable } from '../domain/sending-rules.js';

/** What to send. A null package is the activity's own; a null address is the candidate's own. */
export interface SendOptions {
  applicationId: Id;
  itemId: Id;
  packageId: string | null;
  email: string | null;
  replacesId: string | null;
  /** The error for an activity that is not in the plan. */
  itemGone: () => DomainError;
}

/** Decides whether a check may be sent, and builds its request. Refusals come in the order of the API's contract. */
@Injectable()
export class ValidateSend {
  constructor(
    private readonly checks: Checks,
    private readonly applications: Applications,
    private readonly plannedChecks: PlannedChecks,
    private readonly accounts: ScreeningAccounts,
    private readonly ids: Ids,
  ) {}

  /** The application may have been closed since the validation. Call this again inside the transaction. */
  async mustStillBeActive({ teamId, applicationId }: CheckRequest): Promise<void> {
    const application = await this.applications.find(teamId, applicationId);
    if (!application) throw notFound();
    mustBeOpen(application);
  }

  /** Never call it in a transaction: it may fetch the vendor's packages. */
  async of(caller: Caller, options: SendOptions): Promise<CheckRequest> {
    const { teamId } = caller;
    const { applicationId, itemId, packageId, email, replacesId, itemGone } = options;
    const [found, planned, inProgress] = await Promise.all([
      this.applications.find(teamId, applicationId),
      this.plannedChecks.find(teamId, itemId),
      this.checks.holderOfSlot(teamId, applicationId, itemId),
    ]);
    if (!found) throw notFound();
    mustBeAllowedToSend(caller, found);
    if (planned?.jobId !== found.jobId) throw itemGone();
    const { vendor } = planned;
    const [vendorName, connectionEnabled] = await Promise.all([
      this.accounts.nameOf(vendor),
      this.accounts.isEnabled(teamId, vendor),
    ]);
    const application = { ...found, email: email ?? found.email };
    const facts = { application, vendorName, connectionEnabled, inProgress };
    mustBeSendable(facts);
    const ordered = await this.accounts.findOrderable(teamId, vendor, packageId ?? planned.packageId);
    if (!ordered) throw packageUnavailable(vendorName);
    const { id, candidateId, jobId } = found;
    return {
      ...{ teamId, id: this.ids.next(), applicationId: id, candidateId, jobId, jobStageItemId: planned.id },
      ...{ vendor, packageId: ordered.id, packageName: ordered.name, sentTo: facts.application.email },
      ...{ requestedBy: caller.user.id, replacesId },
    };
  }
}
