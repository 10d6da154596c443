import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { UnitOfWork } from '#kernel/ports';
import type { BackgroundCheck } from '../domain/background-check.js';
import { isTerminal } from '../domain/check-status.js';
import { resultRemoved, resultsNotAvailable, resultsNotReady } from '../domain/errors.js';
import { Checks, Orders, type Report } from '../domain/ports.js';
import { CheckAudit } from './check-audit.js';

/** A person opens the vendor's report. The report is streamed and never stored. The audit log records that it was opened. */
export class OpenResults {
  constructor(
    readonly caller: Caller,
    readonly checkId: Id,
  ) {}
}

export interface OpenedResults extends Report {
  /** Letters of any script, without control characters. It must still be encoded for a header. */
  fileName: string;
  jobId: Id;
  candidateId: Id;
  /** Throws once the result was removed or the check erased. A running download is then ended. */
  isStillThere: () => Promise<void>;
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
    const load = () => this.unitOfWork.run(() => this.checks.get(caller.teamId, checkId));
    const check = await load();
    caller.require('view_background_check_results', check.jobId);
    mustHaveResult(check);
    const report = await this.orders.openReport(caller.teamId, checkId, check.vendor);
    const { jobId, candidateId } = check;
    try {
      // The entry is committed before the first byte leaves, so no report is read without one.
      await this.audit.record(caller, checkId, { action: 'background_check.open_results' });
    } catch (error) {
      report.stream.destroy();
      throw error;
    }
    const fileName = `background-check-${nameable(check.shortId) ?? check.id}.pdf`;
    return { ...report, jobId, candidateId, fileName, isStillThere: async () => mustHaveResult(await load()) };
  }
}

function mustHaveResult({ erasedAt, resultRemovedAt, status }: BackgroundCheck): void {
  if (erasedAt) throw resultsNotAvailable();
  if (resultRemovedAt) throw resultRemoved(resultRemovedAt);
  if (status !== 'complete') throw isTerminal(status) ? resultsNotAvailable() : resultsNotReady(status);
}

/** The vendor's text made safe for a file name: no line breaks, no characters that change the text direction, no path separators. */
const nameable = (text: string | null): string | null =>
  text?.replaceAll(/[\p{C}\p{Z}/\\:*?"<>|%]+/gu, '-').replaceAll(/^[-.]+|[-.]+$/g, '') || null;
