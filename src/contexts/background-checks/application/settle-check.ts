import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/ports';
import type { BackgroundCheck } from '../domain/background-check.js';
import { Checks, ErasureProofs, Orders } from '../domain/ports.js';

/**
 * The last thing that happens to what is known of a check's outcome, inside the transaction that learnt it: of an erased check
 * it becomes a count in the proof, of one whose result was removed it goes.
 */
@Injectable()
export class SettleCheck {
  constructor(
    private readonly checks: Checks,
    private readonly proofs: ErasureProofs,
    private readonly orders: Orders,
    private readonly clock: Clock,
  ) {}

  /** To be called before the check is saved. `over`: nothing more will be heard of its order. */
  async of(check: BackgroundCheck, over = false): Promise<void> {
    const outcome = check.settle(over, this.clock.now());
    if (outcome !== null) await this.proofs.count(check, outcome);
    if (check.mustLoseItsCase()) await this.orders.eraseEnded(check.teamId, check.id);
  }

  /** To be called after the check is saved: its own last line is part of its history by then. */
  async historyOf(check: BackgroundCheck): Promise<void> {
    if (check.settledAt || check.resultRemovedAt) await this.checks.emptyHistory(check);
  }
}
