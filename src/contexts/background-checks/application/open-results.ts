import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { UnitOfWork } from '#kernel/ports';
import { isFinished } from '../domain/check-status.js';
import { resultRemoved, resultsNotAvailable, resultsNotReady } from '../domain/errors.js';
import { Checks, Orders, type Report } from '../domain/ports.js';
import { CheckAudit } from './check-audit.js';

/** A person opens the vendor's report. It passes through and is never kept; that it was opened is. */
export class OpenResults {
  constructor(
    readonly caller: Caller,
    readonly checkId: Id,
  ) {}
}

export interface OpenedResults extends Report {
  /** Letters of any script, nothing that steers; for a header it must still be encoded. */
  fileName: string;
  jobId: Id;
  candidateId: Id;
}

@CommandHandler(OpenResults)
export class OpenResultsHandler implements ICommandHandler<OpenResults, OpenedResults> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
    private readonly orders: Orders,
    private readonly audit: CheckAudit,
  ) {}

  async execute({ caller, checkId }: OpenResults): Promise<OpenedResults> {
    const check = await this.unitOfWork.run(() => this.checks.get(caller.teamId, checkId));
    caller.require('view_background_check_results', check.jobId);
    if (check.erasedAt) throw resultsNotAvailable();
    if (check.resultRemovedAt) throw resultRemoved(check.resultRemovedAt);
    if (check.status !== 'complete') {
      throw isFinished(check.status) ? resultsNotAvailable() : resultsNotReady(check.status);
    }
    const report = await this.orders.openReport(caller.teamId, checkId);
    const { jobId, candidateId } = check;
    try {
      // Before the first byte leaves: nobody reads a report without a trace.
      await this.audit.record(caller, checkId, { action: 'background_check.open_results' });
    } catch (error) {
      report.stream.destroy();
      throw error;
    }
    return { ...report, jobId, candidateId, fileName: `background-check-${nameable(check.shortId) ?? check.id}.pdf` };
  }
}

/** The vendor's text as part of a file name: no line breaks, no signs that turn the direction, no folders. */
const nameable = (text: string | null): string | null =>
  text?.replaceAll(/[\p{C}\p{Z}/\\:*?"<>|%]+/gu, '-').replaceAll(/^[-.]+|[-.]+$/g, '') || null;
