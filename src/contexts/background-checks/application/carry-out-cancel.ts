import { CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '#kernel/errors';
import { Clock, Outbox, UnitOfWork } from '#kernel/ports';
import type { BackgroundCheck } from '../domain/background-check.js';
import { isTerminal } from '../domain/check-status.js';
import { CancelOutstanding } from '../domain/events.js';
import {
  type CancelProgress,
  type CancelAnswer,
  Cancelling,
  Checks,
  Orders,
  ScreeningAccounts,
} from '../domain/ports.js';
import { saving } from './concurrent-saves.js';
import { RecordProgress } from './record-progress.js';

/**
 * Asks the vendor to cancel the case of a check, and repeats that with growing gaps until the vendor shows the case cancelled
 * or refuses. After the last gap the check asks an admin to act. Does nothing when the check has no open cancellation request
 * or the next try is not due.
 */
export class CarryOutCancel {
  constructor(
    readonly teamId: string,
    readonly checkId: string,
  ) {}
}

const minute = 60;
const hour = 60 * minute;
/** Seconds between tries. For a day and a half, a lost answer, an outage of the vendor or a refused key does not end the request. */
export const cancelGaps: readonly number[] = [5, minute, 5 * minute, 30 * minute, hour, 6 * hour, 12 * hour, 16 * hour];

/** Seconds until the next try. Longer once the vendor accepted, to give it time. `asked` counts this try too. */
export const gapAfter = ({ asked, accepted }: CancelProgress): number =>
  cancelGaps[Math.min(accepted ? asked + 1 : asked, cancelGaps.length) - 1] ?? minute;

export const isLastTry = ({ asked }: CancelProgress): boolean => asked >= cancelGaps.length;

/** Saves when the next try is due, and publishes its job, in the open unit of work. */
export async function planNextTry(
  cancelling: Cancelling,
  outbox: Outbox,
  { teamId, id }: Pick<BackgroundCheck, 'teamId' | 'id'>,
  progress: CancelProgress,
): Promise<void> {
  const inSeconds = gapAfter(progress);
  await cancelling.plan(teamId, id, progress, inSeconds);
  await outbox.publish([new CancelOutstanding(teamId, id, progress.asked, progress.accepted)], { inSeconds });
}

const isOutstanding = (check: BackgroundCheck): boolean =>
  check.cancelRequestedAt !== null && check.caseId !== null && !isTerminal(check.status);

@CommandHandler(CarryOutCancel)
export class CarryOutCancelHandler implements ICommandHandler<CarryOutCancel, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly orders: Orders,
    private readonly accounts: ScreeningAccounts,
    private readonly cancelling: Cancelling,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly commands: CommandBus,
  ) {}

  async execute({ teamId, checkId }: CarryOutCancel): Promise<void> {
    const before = await this.takeTurn(teamId, checkId);
    if (!before) return;
    if (isLastTry(before)) return this.giveUp(teamId, checkId, before.asked);
    const { kind } = await this.ask(teamId, checkId);
    if (kind === 'accepted') await this.cancelling.noteAccepted(teamId, checkId);
    // A cancellation that was accepted once may be refused as already done, before the case shows it.
    if (kind === 'refused' && !before.accepted) await this.drop(teamId, checkId);
  }

  /** Plans the next try in the same transaction: a crash from here on loses one try, not the cancellation request. */
  private takeTurn(teamId: string, checkId: string): Promise<CancelProgress | null> {
    return this.unitOfWork.run(async () => {
      const check = await this.checks.get(teamId, checkId);
      const before = isOutstanding(check) ? await this.cancelling.due(teamId, checkId) : null;
      if (before && !isLastTry(before))
        await planNextTry(this.cancelling, this.outbox, check, { ...before, asked: before.asked + 1 });
      return before;
    });
  }

  /** A call that fails with a `DomainError` (a refused key) counts as no answer: the next one may succeed. */
  private async ask(teamId: string, checkId: string): Promise<CancelAnswer> {
    try {
      return await this.orders.cancelCase(teamId, checkId);
    } catch (error) {
      if (error instanceof DomainError) return { kind: 'no_answer' };
      throw error;
    }
  }

  /** A refusal may mean that the case has ended, perhaps through a cancellation whose answer was lost. So the case is read again first. */
  private async drop(teamId: string, checkId: string): Promise<void> {
    await this.orders.readAgain(teamId, checkId);
    await this.commands.execute(new RecordProgress(teamId, checkId));
    await this.ifOutstanding(teamId, checkId, (check) => check.dropCancelRequest(this.clock.now()));
  }

  private async giveUp(teamId: string, checkId: string, tries: number): Promise<void> {
    await this.ifOutstanding(teamId, checkId, async (check) => {
      check.giveUpCancelling(await this.accounts.nameOf(check.vendor), tries, this.clock.now());
      await this.orders.reportUncancelled(teamId, checkId);
    });
  }

  private ifOutstanding(
    teamId: string,
    checkId: string,
    change: (check: BackgroundCheck) => Promise<void> | void,
  ): Promise<void> {
    return saving(this.unitOfWork, async () => {
      const check = await this.checks.get(teamId, checkId);
      if (!isOutstanding(check)) return;
      await change(check);
      await this.checks.save(check);
      await this.outbox.publish(check.releaseEvents());
    });
  }
}
