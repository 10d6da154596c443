import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '#kernel/errors';
import { ConnectionCalls } from '../../../connections/application/connection-calls.js';
import type { Connection } from '../../../connections/domain/connection.js';
import { Connections } from '../../../connections/domain/connections.js';
import { type OpenedReport, OpenReport } from '../../../contract.js';
import { asDomainError } from '../../../gateway/application/vendor-errors.js';
import { ProviderFailure, ScreeningProvider } from '../../../gateway/domain/screening-provider.js';
import { type FollowedCase, Reports, VendorCases } from '../../domain/vendor-cases.js';
import { ReportPlaces } from './report-places.js';

/** How long a request waits for the vendor to create a report before it answers `results_not_ready`. */
const maxWaitMs = 10_000;
const pausesMs = [300, 500, 800, 1000, 1500, 2000];

const accountReplaced = (): DomainError =>
  new DomainError(
    'conflict',
    'results_not_available',
    'The Certn account of this check was replaced. Open its report in Certn.',
  );

const stillBeingMade = (): DomainError =>
  new DomainError('unavailable', 'results_not_ready', 'Certn is still preparing the report. Try again shortly.', {}, 5);

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
    private readonly provider: ScreeningProvider,
    private readonly calls: ConnectionCalls,
  ) {}

  async execute({ teamId, orderId }: OpenReport): Promise<OpenedReport> {
    const followed = await this.cases.find(teamId, orderId);
    const connection = followed && (await this.connections.byId(teamId, followed.connectionId));
    if (!followed) throw stillBeingMade();
    if (!connection) throw accountReplaced();
    const leave = this.places.take(teamId);
    try {
      const opened = await this.provider.openReport(await this.address(followed, connection));
      opened.stream.once('close', leave);
      return opened;
    } catch (error) {
      leave();
      throw error instanceof ProviderFailure ? asDomainError(error) : error;
    }
  }

  private async address(followed: FollowedCase, connection: Connection): Promise<string> {
    const inProgress = this.waiting.get(followed.orderId);
    if (inProgress) return inProgress;
    const address = this.waitForReport(followed, connection).finally(() => this.waiting.delete(followed.orderId));
    this.waiting.set(followed.orderId, address);
    return address;
  }

  private async waitForReport(followed: FollowedCase, connection: Connection): Promise<string> {
    const { teamId, orderId } = followed;
    const deadline = Date.now() + maxWaitMs;
    const reportId = await this.reportOf(followed, connection);
    for (let poll = 0; Date.now() < deadline; poll += 1) {
      const report = await this.calls.call(connection, 'read', (c) => this.provider.readReport(c, reportId));
      if (report.state === 'ready') return report.url;
      if (report.state === 'failed') {
        await this.reports.forget(teamId, orderId);
        throw new DomainError(
          'upstream',
          'report_failed',
          'Certn could not create the report. Try again later. If it still fails, make sure that the email address of the Certn account is verified.',
        );
      }
      await new Promise((resolve) => setTimeout(resolve, pausesMs[poll] ?? 2000));
    }
    throw stillBeingMade();
  }

  private async reportOf({ teamId, orderId, caseId }: FollowedCase, connection: Connection): Promise<string> {
    const recent = await this.reports.recent(teamId, orderId);
    if (recent) return recent;
    const reportId = await this.calls.call(connection, 'read', (c) => this.provider.requestReport(c, caseId));
    await this.reports.remember(teamId, orderId, reportId);
    return reportId;
  }
}
