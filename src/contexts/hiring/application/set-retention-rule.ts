import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { Audit, Clock, UnitOfWork } from '#kernel/ports';
import { changedRule, nextRoundAfter } from '#kernel/retention';
import { Retention } from '../domain/retention.js';

/** An administrator says how many months rejected candidates are kept; null: for ever. */
export class SetRetentionRule {
  constructor(
    readonly caller: Caller,
    readonly months: number | null,
  ) {}
}

@CommandHandler(SetRetentionRule)
export class SetRetentionRuleHandler implements ICommandHandler<SetRetentionRule, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly retention: Retention,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  async execute({ caller, months }: SetRetentionRule): Promise<void> {
    caller.require('administer_team');
    const { teamId } = caller;
    await this.unitOfWork.run(async () => {
      const present = await this.retention.ruleOf(teamId);
      const before = present?.months ?? null;
      if (before === months) return;
      const now = this.clock.now();
      await this.retention.setRule(teamId, changedRule(present, months, now), nextRoundAfter(now));
      const entry = { action: 'retention_rule.update', entity: 'team', entityId: teamId };
      await this.audit.record(caller, { ...entry, from: { months: before }, to: { months } });
    });
  }
}
