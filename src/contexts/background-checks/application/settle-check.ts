import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/ports';
import type { BackgroundCheck } from '../domain/background-check.js';
import { Checks, ErasureProofs, Orders } from '../domain/ports.js';

/**
 * Disposes of a check's outcome, in the transaction that records it. The outcome of an erased check becomes a count in the proof of
 * erasure. The outcome of a check whose result was removed is erased.
 */
@Injectable()
export class SettleCheck {
  constructor(
    private readonly checks: Checks,
    private readonly proofs: ErasureProofs,
    private readonly orders: Orders,
    private readonly clock: Clock,
  ) {}

  /** Call it before the check is saved. `over`: no more events about its order will come. */
  async of(check: BackgroundCheck, over = false): Promise<void> {
    const outcome = check.settle(over, this.clock.now());
    if (outcome !== null) await this.proofs.count(check, outcome);
    if (check.mustEraseCase()) await this.orders.eraseEnded(check.teamId, check.id);
  }

  /** Call it after the check is saved, when the newest history entry is stored. */
  async historyOf(check: BackgroundCheck): Promise<void> {
    if (check.settledAt || check.resultRemovedAt) await this.checks.emptyHistory(check);
  }
}
