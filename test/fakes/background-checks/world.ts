import type { CommandBus } from '@nestjs/cqrs';
import { UnlinkCandidate } from '#contexts/access';
import { PlaceOrder } from '#contexts/integrations';
import { type AccessLevel, Caller, type JobPermission, type JobScope } from '#kernel/caller';
import { type Id, readId } from '#kernel/id';
import { CancelCheckHandler } from '../../../src/contexts/background-checks/application/cancel-check.js';
import {
  CarryOutCancel,
  CarryOutCancelHandler,
} from '../../../src/contexts/background-checks/application/carry-out-cancel.js';
import { CheckAudit } from '../../../src/contexts/background-checks/application/check-audit.js';
import { DecideCheckHandler } from '../../../src/contexts/background-checks/application/decide-check.js';
import { EraseCheck, EraseCheckHandler } from '../../../src/contexts/background-checks/application/erase-check.js';
import { IdempotentRequests } from '../../../src/contexts/background-checks/application/idempotent-requests.js';
import { OpenResultsHandler } from '../../../src/contexts/background-checks/application/open-results.js';
import {
  RecordProgress,
  RecordProgressHandler,
} from '../../../src/contexts/background-checks/application/record-progress.js';
import { RefreshCheckHandler } from '../../../src/contexts/background-checks/application/refresh-check.js';
import { RemoveResult } from '../../../src/contexts/background-checks/application/remove-result.js';
import {
  RequestCheck,
  RequestCheckHandler,
} from '../../../src/contexts/background-checks/application/request-check.js';
import { ResendCheckHandler } from '../../../src/contexts/background-checks/application/resend-check.js';
import { SettleCheck } from '../../../src/contexts/background-checks/application/settle-check.js';
import { ValidateSend } from '../../../src/contexts/background-checks/application/validate-send.js';
import {
  WithdrawUnsent,
  WithdrawUnsentHandler,
} from '../../../src/contexts/background-checks/application/withdraw-unsent.js';
import type { CaseSnapshot } from '../../../src/contexts/background-checks/domain/order-status.js';
import type { SendableApplication } from '../../../src/contexts/background-checks/domain/ports.js';
import { FakeStore, FakeUnitOfWork } from '../fake-store.js';
import { anId, FakeAudit, FakeClock, FakeIds, FakeOutbox } from '../platform.js';
import { FakeCancelling } from './fake-cancelling.js';
import { FakeChecks, type StoredCheck } from './fake-checks.js';
import { FakeIdempotencyRecords } from './fake-idempotency-records.js';
import {
  FakeAnswers,
  FakeApplications,
  FakeErasureProofs,
  FakePlannedChecks,
  FakeScreeningAccounts,
} from './fake-neighbours.js';
import { FakeOrders } from './fake-orders.js';
import { FakeResultRetention } from './fake-result-retention.js';

interface Handler {
  execute(command: never): Promise<unknown>;
}

/** Gives each command to its handler, as Nest's bus does. Commands of other contexts have handlers of the test. */
class FakeCommandBus {
  readonly handlers = new Map<unknown, Handler>();

  execute(command: object): Promise<unknown> {
    const handler = this.handlers.get(command.constructor);
    if (!handler) throw new Error(`No handler for ${command.constructor.name}.`);
    return handler.execute(command as never);
  }
}

/** An application with an activity from which a check can be sent. */
export interface Sendable {
  applicationId: Id;
  itemId: Id;
  candidateId: Id;
  jobId: Id;
}

/** The use cases of background checks on fakes, for one team whose vendor account has the packages `basic` and `full`. */
export class World {
  readonly teamId = anId();
  readonly clock = new FakeClock();
  readonly store = new FakeStore();
  readonly unitOfWork = new FakeUnitOfWork(this.store);
  readonly outbox = new FakeOutbox(this.store);
  readonly audit = new FakeAudit(this.store);
  readonly checks = new FakeChecks(this.store);
  readonly cancelling = new FakeCancelling(this.store, this.clock, this.checks);
  readonly records = new FakeIdempotencyRecords(this.store, this.clock);
  readonly retention = new FakeResultRetention(this.store, this.checks);
  readonly applications = new FakeApplications(this.store);
  readonly plannedChecks = new FakePlannedChecks(this.store);
  readonly account = new FakeScreeningAccounts(this.store);
  readonly proofs = new FakeErasureProofs(this.store);
  readonly orders = new FakeOrders(this.store, this.clock);
  /** Orders that integrations was asked to place. */
  readonly placed: PlaceOrder[] = [];
  /** Candidates whose links to users access was asked to end. */
  readonly unlinked: UnlinkCandidate[] = [];

  private readonly bus = new FakeCommandBus();
  readonly commands = this.bus as unknown as CommandBus;
  readonly checkAudit = new CheckAudit(this.unitOfWork, this.checks, this.audit);
  readonly settleCheck = new SettleCheck(this.checks, this.proofs, this.orders, this.clock);
  readonly validateSend = new ValidateSend(
    this.checks,
    this.applications,
    this.plannedChecks,
    this.account,
    new FakeIds(),
  );
  readonly idempotentRequests = new IdempotentRequests(this.unitOfWork, this.records, new FakeAnswers(this.checks));
  readonly requestCheck = new RequestCheckHandler(
    ...([
      this.idempotentRequests,
      this.validateSend,
      this.applications,
      this.checks,
      this.clock,
      this.outbox,
      this.audit,
    ] as const),
  );
  readonly resendCheck = new ResendCheckHandler(
    ...([
      this.idempotentRequests,
      this.validateSend,
      this.unitOfWork,
      this.checks,
      this.clock,
      this.outbox,
      this.checkAudit,
    ] as const),
  );
  readonly cancelCheck = new CancelCheckHandler(
    ...([
      this.unitOfWork,
      this.checks,
      this.orders,
      this.cancelling,
      this.clock,
      this.outbox,
      this.checkAudit,
    ] as const),
  );
  readonly carryOutCancel = new CarryOutCancelHandler(
    ...([
      this.unitOfWork,
      this.checks,
      this.orders,
      this.account,
      this.cancelling,
      this.clock,
      this.outbox,
      this.commands,
    ] as const),
  );
  readonly decideCheck = new DecideCheckHandler(
    ...([this.unitOfWork, this.checks, this.orders, this.clock, this.checkAudit, this.commands] as const),
  );
  readonly recordProgress = new RecordProgressHandler(
    ...([
      this.unitOfWork,
      this.checks,
      this.orders,
      this.applications,
      this.clock,
      this.outbox,
      this.settleCheck,
    ] as const),
  );
  readonly eraseCheck = new EraseCheckHandler(
    ...([this.unitOfWork, this.checks, this.orders, this.records, this.clock, this.outbox, this.settleCheck] as const),
  );
  readonly withdrawUnsent = new WithdrawUnsentHandler(
    ...([this.unitOfWork, this.checks, this.applications, this.orders, this.commands] as const),
  );
  readonly refreshCheck = new RefreshCheckHandler(this.unitOfWork, this.checks, this.orders, this.commands);
  readonly openResults = new OpenResultsHandler(this.unitOfWork, this.checks, this.orders, this.checkAudit);
  readonly removeResult = new RemoveResult(
    ...([this.unitOfWork, this.checks, this.orders, this.retention] as const),
    ...([this.settleCheck, this.clock, this.outbox, this.audit] as const),
  );
  readonly admin = this.caller('admin');
  readonly recruiter = this.caller('standard');

  constructor() {
    const packages = [
      { id: 'basic', name: 'Basic', active: true },
      { id: 'full', name: 'Full', active: true },
      { id: 'old', name: 'Old', active: false },
    ];
    this.account.set(this.teamId, { state: 'enabled', packages });
    this.bus.handlers
      .set(CarryOutCancel, this.carryOutCancel)
      .set(EraseCheck, this.eraseCheck)
      .set(RecordProgress, this.recordProgress)
      .set(WithdrawUnsent, this.withdrawUnsent)
      .set(UnlinkCandidate, { execute: async (command: UnlinkCandidate) => this.unlinked.push(command) })
      .set(PlaceOrder, { execute: (command: PlaceOrder) => this.placeOrder(command) });
  }

  caller(
    level: AccessLevel,
    { hidden = [], grants = [], own = [] }: { hidden?: Id[]; grants?: [Id, JobPermission[]][]; own?: Id[] } = {},
  ): Caller {
    const onlyGranted: JobScope = { kind: 'only', jobIds: grants.map(([jobId]) => jobId) };
    const scope: JobScope = level === 'limited' ? onlyGranted : { kind: 'all_but', jobIds: hidden };
    return new Caller(this.teamId, { id: anId(), name: 'Ada' }, level, scope, new Map(grants), own);
  }

  /** An active application, and an activity with the package `basic` on its job. */
  aSendable(application: Partial<SendableApplication> = {}): Sendable {
    const [id, jobId, candidateId, itemId] = [anId(), anId(), anId(), anId()];
    const given = { id, jobId, candidateId, active: true, anonymised: false, email: 'ada@example.org', ...application };
    this.applications.put(this.teamId, given);
    this.plannedChecks.put(this.teamId, { id: itemId, jobId: given.jobId, vendor: 'certn', packageId: 'basic' });
    return { applicationId: id, itemId, candidateId: given.candidateId, jobId: given.jobId };
  }

  async changeApplication(id: Id, changes: Partial<SendableApplication>): Promise<void> {
    const found = await this.applications.find(this.teamId, id);
    if (found) this.applications.put(this.teamId, { ...found, ...changes });
  }

  /** A check that was requested; its event is taken from the outbox. Its id is also that of its order. */
  async aCheck(sendable: Sendable = this.aSendable()): Promise<Id> {
    const { applicationId, itemId } = sendable;
    await this.requestCheck.execute(new RequestCheck(this.recruiter, applicationId, itemId, null, null));
    this.outbox.take();
    const id = readId(await this.checks.holderOfSlot(this.teamId, applicationId, itemId));
    if (!id) throw new Error('No check was saved.');
    return id;
  }

  /** A check whose order was placed and whose case was read in that state. */
  async aCheckWithCase(state: CaseSnapshot['state'], shown: Partial<CaseSnapshot> = {}): Promise<Id> {
    const id = await this.aCheck();
    const key = { teamId: this.teamId, id };
    this.orders.put(key, { state: 'placed', caseId: `case-${id}` });
    this.orders.show(key, { state, ...shown });
    await this.recordProgress.execute(new RecordProgress(this.teamId, id));
    this.outbox.take();
    return id;
  }

  keyOf(id: Id): { teamId: string; id: Id } {
    return { teamId: this.teamId, id };
  }

  /** A check as it is stored. */
  check(id: string): StoredCheck {
    const [found] = this.checks.where((check) => check.id === id);
    if (!found) throw new Error(`No check ${id} is stored.`);
    return found;
  }

  historyOf(id: Id): string[] {
    return this.checks.historyOf(this.keyOf(id)).map(({ kind }) => kind);
  }

  /** Actions and outcomes of the audit entries about checks and applications. */
  get audited(): [string, string | undefined][] {
    return this.audit.entries.map(({ action, outcome }) => [action, outcome]);
  }

  private async placeOrder(command: PlaceOrder): Promise<void> {
    this.placed.push(command);
    const key = { teamId: command.teamId, id: command.orderId };
    if (!this.orders.of(key)) this.orders.put(key, { state: 'waiting' });
  }
}
