import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { Audit, Clock, UnitOfWork } from '#kernel/ports';
import { setRetentionRule } from '#kernel/retention';
import { Retention } from '../domain/retention.js';

/** An admin sets for how many months rejected candidates are kept. Null keeps them indefinitely. */
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
    private readonly rules: Retention,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  execute({ caller, months }: SetRetentionRule): Promise<void> {
    const { unitOfWork, rules, clock, audit } = this;
    const setting = { unitOfWork, rules, clock, audit, action: 'retention_rule.update' };
    return setRetentionRule(caller, months, setting);
  }
}
