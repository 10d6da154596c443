import { Injectable } from '@nestjs/common';
import { VersionedRule } from '#platform/versions/versioned-rule';

@Injectable()
export class ResultRetentionRuleVersion extends VersionedRule {
  readonly subject = 'result_retention_rule';
  protected readonly table = 'background_checks.result_retention_rule';
  protected readonly action = 'result_retention_rule.update';
}
