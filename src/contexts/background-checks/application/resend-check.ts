import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Clock, Outbox, UnitOfWork } from '#kernel/ports';
import type { RequestKey } from '#kernel/request-key';
import { BackgroundCheck, type CheckRequest } from '../domain/background-check.js';
import { itemDeleted } from '../domain/errors.js';
import { Checks } from '../domain/ports.js';
import { mustBeResendable } from '../domain/resending-rules.js';
import { IdempotentRequests, type Requested } from './idempotent-requests.js';
import { CheckAudit } from './check-audit.js';
import { ValidateSend } from './validate-send.js';

/**
 * Sends a check that ended without a result again, as a new check with the same activity and package. `email` null
 * means the candidate's present address. Any other address is used for this check only.
 */
export class ResendCheck {
  constructor(
    readonly caller: Caller,
    readonly checkId: Id,
    readonly email: string | null,
    readonly idempotencyKey: string | null,
  ) {}
}

@CommandHandler(ResendCheck)
export class ResendCheckHandler implements ICommandHandler<ResendCheck, Requested> {
  constructor(
    private readonly idempotentRequests: IdempotentRequests,
    private readonly validateSend: ValidateSend,
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly audit: CheckAudit,
  ) {}

  execute(command: ResendCheck): Promise<Requested> {
    return this.idempotentRequests.run({
      caller: command.caller,
      key: sendKeyOf(command),
      validate: () => this.validate(command),
      commit: (request) => this.commit(command, request),
      refused: (refusal) => this.record(command, 'refused', { reason: refusal.reason }),
    });
  }

  private async validate({ caller, checkId, email }: ResendCheck): Promise<CheckRequest> {
    const check = await this.unitOfWork.run(() => this.checks.get(caller.teamId, checkId));
    caller.require('send_background_check', check.jobId);
    mustBeResendable(check);
    const { applicationId, jobStageItemId, packageId } = check;
    const options = { applicationId, itemId: jobStageItemId, packageId, email, replacesId: check.id };
    return this.validateSend.of(caller, { ...options, itemGone: itemDeleted });
  }

  /** Saves the old check and the new one in one transaction. A lost race for either leads to a new validation. */
  private async commit(command: ResendCheck, request: CheckRequest): Promise<Id> {
    const { caller, checkId } = command;
    await this.validateSend.mustStillBeActive(request);
    const now = this.clock.now();
    const replaced = await this.checks.get(caller.teamId, checkId);
    const successor = BackgroundCheck.request(request, now);
    replaced.replaceBy(successor.id, caller.user.id, now);
    await this.checks.add(successor);
    await this.checks.save(replaced);
    await this.outbox.publish([...successor.releaseEvents(), ...replaced.releaseEvents()]);
    await this.record(command, 'done', { replaced_by_id: successor.id, package_id: successor.packageId });
    return successor.id;
  }

  private record(
    { caller, checkId, email }: ResendCheck,
    outcome: 'done' | 'refused',
    to: Record<string, unknown>,
  ): Promise<void> {
    return this.audit.record(caller, checkId, {
      action: 'background_check.resend',
      outcome,
      to: { ...to, email_corrected: email !== null },
    });
  }
}

function sendKeyOf({ caller, checkId, email, idempotencyKey }: ResendCheck): RequestKey | null {
  if (idempotencyKey === null) return null;
  return {
    teamId: caller.teamId,
    userId: caller.user.id,
    path: `/background_checks/${checkId}/resend`,
    key: idempotencyKey,
    body: JSON.stringify([email]),
  };
}
