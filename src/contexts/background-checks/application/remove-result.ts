import { Injectable } from '@nestjs/common';
import { type Actor, Audit, Clock, Outbox, UnitOfWork } from '#kernel/ports';
import type { BackgroundCheck } from '../domain/background-check.js';
import { isTerminal } from '../domain/check-status.js';
import { Checks, Orders } from '../domain/ports.js';
import { ResultRetention } from '../domain/result-retention.js';
import { saving } from './concurrent-saves.js';
import { SettleCheck } from './settle-check.js';

/**
 * Removes a result whose retention period is over: result, score, and the vendor's ids and links. The snapshot of its case is erased
 * too, so that no later event restores them. The candidate and the check stay.
 */
@Injectable()
export class RemoveResult {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly orders: Orders,
    private readonly retention: ResultRetention,
    private readonly settleCheck: SettleCheck,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {}

  /** By the team's rule, if the check is still due. `false`: its case was reopened and cannot be erased yet. */
  byRule(teamId: string, checkId: string): Promise<boolean> {
    const now = this.clock.now();
    return saving(this.unitOfWork, async () => {
      const check = await this.checks.get(teamId, checkId);
      if (!(await this.retention.isDue(teamId, checkId, now))) return true;
      if (!(await this.orders.eraseEnded(teamId, checkId))) return false;
      if (check.removeResult(now, now)) await this.keep(check, {});
      await this.retention.noteSuccess(teamId, checkId);
      return true;
    });
  }

  /**
   * Repeats a removal of the time `at` in a restored database that lacks it. A check that is still in progress there loses its
   * result when it ends. `false`: the result was already removed, or erased with the candidate.
   */
  again(teamId: string, checkId: string, at: Date): Promise<boolean> {
    return saving(this.unitOfWork, async () => {
      const check = await this.checks.get(teamId, checkId);
      if (!check.removeResult(at, this.clock.now())) return false;
      if (isTerminal(check.status)) await this.orders.eraseEnded(teamId, checkId);
      await this.keep(check, { repeated: true });
      return true;
    });
  }

  private async keep(check: BackgroundCheck, to: Record<string, unknown>): Promise<void> {
    const { teamId, id, candidateId: withheldFrom } = check;
    await this.checks.save(check);
    await this.settleCheck.historyOf(check);
    await this.outbox.publish(check.releaseEvents());
    const rule: Actor = { teamId, user: null, ip: null };
    const entry = { action: 'background_check.remove_result', entity: 'background_check', entityId: id, withheldFrom };
    await this.audit.record(rule, { ...entry, to });
  }
}
