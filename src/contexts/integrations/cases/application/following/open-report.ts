import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '#kernel/errors';
import { ConnectionCalls } from '../../../connections/application/connection-calls.js';
import type { Connection } from '../../../connections/domain/connection.js';
import { Connections } from '../../../connections/domain/connections.js';
import { type OpenedReport, OpenReport } from '../../../contract.js';
import { asDomainError } from '../../../gateway/application/vendor-errors.js';
import type { ReportsPart } from '../../../gateway/domain/vendor.js';
import { VendorFailure } from '../../../gateway/domain/vendor-terms.js';
import { Vendors } from '../../../gateway/domain/vendors.js';
import { type FollowedCase, Reports, VendorCases } from '../../domain/vendor-cases.js';
import { ReportPlaces } from './report-places.js';

/** How long a request waits for the vendor to create a report before it answers `results_not_ready`. */
const maxWaitMs = 10_000;
const pausesMs = [300, 500, 800, 1000, 1500, 2000];

const accountReplaced = (vendor: string): DomainError =>
  new DomainError(
    'conflict',
    'results_not_available',
    `The ${vendor} account of this check was replaced. Open its report in ${vendor}.`,
  );

const notOffered = (vendor: string): DomainError =>
  new DomainError(
    'conflict',
    'results_not_available',
    `${vendor} offers no report to download. Open the report in ${vendor}.`,
  );

const stillBeingMade = (vendor: string): DomainError =>
  new DomainError(
    'unavailable',
    'results_not_ready',
    `${vendor} is still preparing the report. Try again shortly.`,
    {},
    5,
  );

const failed = (vendor: string): DomainError =>
  new DomainError(
    'upstream',
    'report_failed',
    `${vendor} could not create the report. Try again later. If it still fails, make sure that the email address of the ` +
      `${vendor} account is verified.`,
  );

/** Requests the report when a user opens it. It is streamed and never stored. */
@CommandHandler(OpenReport)
export class OpenReportHandler implements ICommandHandler<OpenReport> {
  /** Concurrent requests for one report wait for the same URL. By order id. */
  private readonly waiting = new Map<string, Promise<string>>();
  private readonly places = new ReportPlaces();

  constructor(
    private readonly cases: VendorCases,
    private readonly connections: Connections,
    private readonly reports: Reports,
    private readonly vendors: Vendors,
    private readonly calls: ConnectionCalls,
  ) {}

  async execute({ teamId, orderId, vendor }: OpenReport): Promise<OpenedReport> {
    const followed = await this.cases.find(teamId, orderId);
    const connection = followed && (await this.connections.byId(teamId, followed.connectionId));
    const { reports, name } = this.vendors.of(vendor);
    if (!followed) throw stillBeingMade(name);
    if (!connection) throw accountReplaced(name);
    if (!reports) throw notOffered(name);
    const leave = this.places.take(teamId);
    try {
      const opened = await reports.openReport(await this.address(followed, connection, reports));
      opened.stream.once('close', leave);
      return opened;
    } catch (error) {
      leave();
      throw error instanceof VendorFailure ? asDomainError(error) : error;
    }
  }

  private async address(followed: FollowedCase, connection: Connection, part: ReportsPart): Promise<string> {
    const inProgress = this.waiting.get(followed.orderId);
    if (inProgress) return inProgress;
    const address = this.waitForReport(followed, connection, part).finally(() => this.waiting.delete(followed.orderId));
    this.waiting.set(followed.orderId, address);
    return address;
  }

  private async waitForReport(followed: FollowedCase, connection: Connection, part: ReportsPart): Promise<string> {
    const { teamId, orderId } = followed;
    const deadline = Date.now() + maxWaitMs;
    const reportId = await this.reportOf(followed, connection, part);
    for (let poll = 0; Date.now() < deadline; poll += 1) {
      const report = await this.calls.call(connection, 'read', (c) => part.readReport(c, reportId));
      if (report.state === 'ready') return report.url;
      if (report.state === 'failed') {
        await this.reports.forget(teamId, orderId);
        throw failed(this.vendors.of(connection.vendor).name);
      }
      await new Promise((resolve) => setTimeout(resolve, pausesMs[poll] ?? 2000));
    }
    throw stillBeingMade(this.vendors.of(connection.vendor).name);
  }

  private async reportOf(
    { teamId, orderId, caseId }: FollowedCase,
    connection: Connection,
    part: ReportsPart,
  ): Promise<string> {
    const recent = await this.reports.recent(teamId, orderId);
    if (recent) return recent;
    const reportId = await this.calls.call(connection, 'read', (c) => part.requestReport(c, caseId));
    await this.reports.remember(teamId, orderId, reportId);
    return reportId;
  }
}
