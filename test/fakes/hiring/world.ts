import { Logger } from '@nestjs/common';
import { FakeStore, FakeTable, FakeUnitOfWork } from '../fake-store.js';
import { anId, FakeAudit, FakeClock, FakeIds, FakeOutbox } from '../platform.js';
import { FakeColleagues, FakeErasures, FakeJobPermissions, FakeRetention, type RuleRow } from './fake-erasing.js';
import { FakeApplicationRecords, FakeCandidates, FakeJobs, HiringTables } from './fake-records.js';

Logger.overrideLogger(false);

/** Every repository of hiring in memory, for one team. */
export class HiringWorld {
  readonly teamId = anId();
  readonly clock = new FakeClock();
  readonly ids = new FakeIds();
  readonly store = new FakeStore();
  readonly unitOfWork = new FakeUnitOfWork(this.store);
  readonly outbox = new FakeOutbox(this.store);
  readonly audit = new FakeAudit(this.store);
  readonly tables = new HiringTables(this.store);
  private readonly rules = new FakeTable<RuleRow>(this.store);
  readonly jobs = new FakeJobs(this.tables);
  readonly candidates = new FakeCandidates(this.tables);
  readonly applications = new FakeApplicationRecords(this.tables);
  readonly permissions = new FakeJobPermissions(this.tables);
  readonly colleagues = new FakeColleagues();
  readonly erasures = new FakeErasures(this.tables, this.rules);
  readonly retention = new FakeRetention(this.tables, this.rules, this.erasures);
}
