import { CommandHandler, type ICommandHandler, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
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

/** Says whether there is a report to open. Asks no vendor, and is no read of the report: the audit log records nothing. */
export class FindResults {
  constructor(
    readonly caller: Caller,
    readonly checkId: Id,
  ) {}
}

/** `fileName`: letters of any script, without control characters. It must still be encoded for a header. */
export interface FoundResults {
  fileName: string;
}

export interface OpenedResults extends Report, FoundResults {
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
    mustBeReadable(caller, check);
    const report = await this.orders.openReport(caller.teamId, checkId, check.vendor);
    const { jobId, candidateId } = check;
    try {
      // The entry is committed before the first byte leaves, so no report is read without one.
      await this.audit.record(caller, checkId, { action: 'background_check.open_results' });
    } catch (error) {
      report.stream.destroy();
      throw error;
    }
    return {
      ...report,
      jobId,
      candidateId,
      fileName: nameOf(check),
      isStillThere: async () => mustHaveResult(await load()),
    };
  }
}

@QueryHandler(FindResults)
export class FindResultsHandler implements IQueryHandler<FindResults, FoundResults> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly checks: Checks,
  ) {}

  async execute({ caller, checkId }: FindResults): Promise<FoundResults> {
    const check = await this.unitOfWork.run(() => this.checks.get(caller.teamId, checkId));
    mustBeReadable(caller, check);
    return { fileName: nameOf(check) };
  }
}

function mustBeReadable(caller: Caller, check: BackgroundCheck): void {
  caller.require('view_background_check_results', check.jobId);
  mustHaveResult(check);
}

const nameOf = ({ id, shortId }: BackgroundCheck): string => `background-check-${nameable(shortId) ?? id}.pdf`;

function mustHaveResult({ erasedAt, resultRemovedAt, status }: BackgroundCheck): void {
  if (erasedAt) throw resultsNotAvailable();
  if (resultRemovedAt) throw resultRemoved(resultRemovedAt);
  if (status !== 'complete') throw isTerminal(status) ? resultsNotAvailable() : resultsNotReady(status);
}

/** The vendor's text made safe for a file name: no line breaks, no characters that change the text direction, no path separators. */
const nameable = (text: string | null): string | null =>
  text?.replaceAll(/[\p{C}\p{Z}/\\:*?"<>|%]+/gu, '-').replaceAll(/^[-.]+|[-.]+$/g, '') || null;
