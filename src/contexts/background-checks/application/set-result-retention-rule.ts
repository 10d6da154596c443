import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { Audit, Clock, UnitOfWork } from '#kernel/ports';
import { setRetentionRule } from '#kernel/retention';
import { ResultRetention } from '../domain/result-retention.js';

/** An admin sets how many months results are kept after a check ended; null: indefinitely. */
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
    private readonly rules: ResultRetention,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  execute({ caller, months }: SetResultRetentionRule): Promise<void> {
    const { unitOfWork, rules, clock, audit } = this;
    const setting = { unitOfWork, rules, clock, audit, action: 'result_retention_rule.update' };
    return setRetentionRule(caller, months, setting);
  }
}
