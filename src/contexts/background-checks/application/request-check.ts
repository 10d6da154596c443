import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { type DomainError, unknownReference } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Audit, Clock, Outbox } from '#kernel/ports';
import type { RequestKey } from '#kernel/request-key';
import { BackgroundCheck, type CheckRequest } from '../domain/background-check.js';
import { Applications, Checks } from '../domain/ports.js';
import { IdempotentRequests, type Requested } from './idempotent-requests.js';
import { ValidateSend } from './validate-send.js';

/** A recruiter asks for a check; `packageId` null means the activity's own. */
export class RequestCheck {
  constructor(
    readonly caller: Caller,
    readonly applicationId: Id,
    readonly itemId: Id,
    readonly packageId: string | null,
    readonly idempotencyKey: string | null,
  ) {}
}

@CommandHandler(RequestCheck)
export class RequestCheckHandler implements ICommandHandler<RequestCheck, Requested> {
  constructor(
    private readonly idempotentRequests: IdempotentRequests,
    private readonly validateSend: ValidateSend,
    private readonly applications: Applications,
    private readonly checks: Checks,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {}

  execute(command: RequestCheck): Promise<Requested> {
    const { caller, applicationId, itemId, packageId } = command;
    const itemGone = () => unknownReference('job_stage_item_id');
    const options = { applicationId, itemId, packageId, email: null, replacesId: null, itemGone };
    return this.idempotentRequests.run({
      caller,
      key: sendKeyOf(command),
      validate: () => this.validateSend.of(caller, options),
      commit: (request) => this.commit(caller, request),
      refused: (refusal) => this.auditRefusal(command, refusal),
    });
  }

  private async commit(caller: Caller, request: CheckRequest): Promise<Id> {
    await this.validateSend.mustStillBeActive(request);
    const check = BackgroundCheck.request(request, this.clock.now());
    await this.checks.add(check);
    await this.outbox.publish(check.releaseEvents());
    await this.audit.record(caller, {
      action: 'background_check.send',
      entity: 'background_check',
      entityId: check.id,
      to: { application_id: check.applicationId, package_id: check.packageId },
      withheldFrom: check.candidateId,
    });
    return check.id;
  }

  private async auditRefusal({ caller, applicationId, packageId }: RequestCheck, refusal: DomainError): Promise<void> {
    const application = await this.applications.find(caller.teamId, applicationId);
    await this.audit.record(caller, {
      action: 'background_check.send',
      entity: 'application',
      entityId: applicationId,
      outcome: 'refused',
      to: { reason: refusal.reason, package_id: packageId },
      withheldFrom: application?.candidateId,
    });
  }
}

function sendKeyOf({ caller, applicationId, itemId, packageId, idempotencyKey }: RequestCheck): RequestKey | null {
  if (idempotencyKey === null) return null;
  return {
    teamId: caller.teamId,
    userId: caller.user.id,
    path: `/applications/${applicationId}/background_checks`,
    key: idempotencyKey,
    body: JSON.stringify([itemId, packageId]),
  };
}
