import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { Audit, Clock, UnitOfWork } from '#kernel/ports';
import { changedRule, nextRoundAfter } from '#kernel/retention';
import { ResultRetention } from '../domain/result-retention.js';

/** An administrator says how many months results are kept after a check ended; null: indefinitely. */
export class SetResultRetentionRule {
  constructor(
    readonly caller: Caller,
    readonly months: number | null,
  ) {}
}

@CommandHandler(SetResultRetentionRule)
export class SetResultRetentionRuleHandler implements ICommandHandler<SetResultRetentionRule, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly retention: ResultRetention,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  async execute({ caller, months }: SetResultRetentionRule): Promise<void> {
    caller.require('administer_team');
    const { teamId } = caller;
    await this.unitOfWork.run(async () => {
      const present = await this.retention.ruleOf(teamId);
      const before = present?.months ?? null;
      if (before === months) return;
      const now = this.clock.now();
      await this.retention.setRule(teamId, changedRule(present, months, now), nextRoundAfter(now));
      const entry = { action: 'result_retention_rule.update', entity: 'team', entityId: teamId };
      await this.audit.record(caller, { ...entry, from: { months: before }, to: { months } });
    });
  }
}
