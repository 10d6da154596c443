import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Answers } from '../../domain/ports.js';
import { ChecksView } from '../../views/checks.js';

/** Joins the open transaction, so that the answer can contain a check that is not committed yet. */
@Injectable()
export class CheckAnswers extends Answers {
  constructor(private readonly checks: ChecksView) {
    super();
  }

  about(caller: Caller, checkId: Id): Promise<object> {
    return this.checks.one(caller, checkId);
  }
}
