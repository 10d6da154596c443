import { CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '#kernel/errors';
import { Clock, Outbox, UnitOfWork } from '#kernel/ports';
import type { BackgroundCheck } from '../domain/background-check.js';
import { isFinished } from '../domain/check-status.js';
import { CancelOutstanding } from '../domain/events.js';
import { type CancelAnswer, Checks, Orders } from '../domain/ports.js';
import { saving } from './concurrent-saves.js';
import { RecordProgress } from './record-progress.js';

/** How often the vendor was asked to cancel, and whether it ever agreed. */
export interface Asking {
  asked: number;
  accepted: boolean;
}

/**
 * A check that is to be cancelled is at the vendor: asks for it there, and again with growing gaps until the vendor shows it
 * cancelled or refuses. Does nothing for other checks.
 */
export class CarryOutCancel {
  constructor(
    readonly teamId: string,
    readonly checkId: string,
    readonly before: Asking = { asked: 0, accepted: false },
  ) {}
}

const minute = 60;
/** Seconds. An answer may be lost, the vendor away, the key refused: nobody may stay invited, and billed, because of that. */
const gaps = [5, minute, 5 * minute, 30 * minute, 60 * minute, 6 * 60 * minute];

/** Once the vendor agreed, it is given time to do it. */
export const gapAfter = ({ asked, accepted }: Asking): number =>
  gaps[Math.min(accepted ? asked + 1 : asked, gaps.length) - 1] ?? minute;

export async function publishNextAsking(
  outbox: Outbox,
  { teamId, id }: Pick<BackgroundCheck, 'teamId' | 'id'>,
  asking: Asking,
): Promise<void> {
  const inSeconds = gapAfter(asking);
  await outbox.publish([new CancelOutstanding(teamId, id, asking.asked, asking.accepted)], { inSeconds });
}

const isOutstanding = (check: BackgroundCheck): boolean =>
  check.cancelRequestedAt !== null && check.caseId !== null && !isFinished(check.status);

@CommandHandler(CarryOutCancel)
export class CarryOutCancelHandler implements ICommandHandler<CarryOutCancel, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly orders: Orders,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly commands: CommandBus,
  ) {}

  async execute({ teamId, checkId, before }: CarryOutCancel): Promise<void> {
    const check = await this.unitOfWork.run(() => this.checks.get(teamId, checkId));
    if (!isOutstanding(check)) return;
    const answer = await this.ask(teamId, checkId);
    // What was accepted once may be refused as done already, before the case shows it.
    if (answer.kind === 'refused' && !before.accepted) return this.drop(teamId, checkId);
    const asking = { asked: before.asked + 1, accepted: before.accepted || answer.kind === 'accepted' };
    await this.unitOfWork.run(() => publishNextAsking(this.outbox, check, asking));
  }

  /** A call that fails for a reason of its own (a refused key) is as good as no answer: the next one may succeed. */
  private async ask(teamId: string, checkId: string): Promise<CancelAnswer> {
    try {
      return await this.orders.cancelCase(teamId, checkId);
    } catch (error) {
      if (error instanceof DomainError) return { kind: 'no_answer' };
      throw error;
    }
  }

  /** Refused may mean that it is over, perhaps cancelled by a request whose answer was lost: looks before giving up. */
  private async drop(teamId: string, checkId: string): Promise<void> {
    await this.orders.readAgain(teamId, checkId);
    await this.commands.execute(new RecordProgress(teamId, checkId));
    await saving(this.unitOfWork, async () => {
      const check = await this.checks.get(teamId, checkId);
      if (isFinished(check.status)) return;
      check.dropCancelRequest(this.clock.now());
      await this.checks.save(check);
    });
  }
}
