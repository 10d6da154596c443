import { Global, Module } from '@nestjs/common';
import { JobScopes } from '#platform/auth/ports';
import { AccessColleagues } from './adapters/contexts/access-colleagues.js';
import { AnonymisingController } from './adapters/http/anonymising.controller.js';
import { CandidatesController } from './adapters/http/candidates.controller.js';
import { JobsController } from './adapters/http/jobs.controller.js';
import { PermissionsController } from './adapters/http/permissions.controller.js';
import { RetentionController } from './adapters/http/retention.controller.js';
import { PostgresJobPermissions, PostgresJobScopes } from './adapters/postgres/job-permissions.js';
import { ApplicationLocator, CandidateLocator, JobLocator } from './adapters/postgres/locators.js';
import { CandidateLedger } from './adapters/postgres/candidate-ledger.js';
import { ErasedIds } from './adapters/postgres/erased-ids.js';
import { DeleteErasureFailures } from './adapters/postgres/delete-erasure-failures.js';
import { KeyErasedIds } from './adapters/postgres/key-erased-ids.js';
import { PostgresErasures } from './adapters/postgres/postgres-erasures.js';
import { PostgresRetention } from './adapters/postgres/postgres-retention.js';
import { PostgresApplications, PostgresCandidates, PostgresJobs } from './adapters/postgres/records.js';
import { RetentionTimer } from './adapters/timers/retention-timer.js';
import { AnonymiseCandidateHandler } from './application/anonymise-candidate.js';
import { ChangeApplicationStatusHandler } from './application/change-application-status.js';
import { ChangeCandidateHandler } from './application/change-candidate.js';
import { ChangeJobHandler } from './application/change-job.js';
import { CountErasedCheckHandler } from './application/count-erased-check.js';
import { CreateApplicationHandler } from './application/create-application.js';
import { CreateCandidateHandler } from './application/create-candidate.js';
import { CreateJobHandler } from './application/create-job.js';
import { ErasePerson } from './application/erase-person.js';
import { HoldCandidateHandler } from './application/hold-candidate.js';
import { IdentifyApplicationHandler } from './application/identify-application.js';
import { ImportApplicationHandler } from './application/import-application.js';
import { ImportCandidateHandler } from './application/import-candidate.js';
import { ImportedFields } from './application/imported-fields.js';
import { ValidatedFields } from './adapters/http/record-fields.js';
import { ImportJobHandler } from './application/import-job.js';
import { RecordAudit } from './application/record-audit.js';
import { ReplacePermissionsHandler } from './application/replace-permissions.js';
import { SetRetentionRuleHandler } from './application/set-retention-rule.js';
import { StartRetention } from './application/start-retention.js';
import { WhenRetentionDue } from './application/when-retention-due.js';
import { WhenServiceAccountDeleted } from './application/when-service-account-deleted.js';
import { WhenUserErased } from './application/when-user-erased.js';
import { Erasures } from './domain/erasures.js';
import { Applications, Candidates, Colleagues, JobPermissions, Jobs } from './domain/ports.js';
import { Retention } from './domain/retention.js';
import { CandidatesView } from './views/candidates.js';
import { ChangedCandidatesView } from './views/changed-candidates.js';
import { ChangedJobsView } from './views/changed-jobs.js';
import { DueCandidatesView } from './views/due-candidates.js';
import { ErasuresView } from './views/erasures.js';
import { FailedCandidatesView } from './views/failed-candidates.js';
import { FindApplicationHandler, JobExistsHandler } from './views/find-application.js';
import { JobPermissionsView } from './views/job-permissions.js';
import { JobsView } from './views/jobs.js';
import { RetentionRuleView } from './views/retention-rule.js';
import { hiringVersions } from './adapters/postgres/versions.js';

const useCases = [
  RecordAudit,
  CreateJobHandler,
  ChangeJobHandler,
  ReplacePermissionsHandler,
  CreateCandidateHandler,
  ChangeCandidateHandler,
  CreateApplicationHandler,
  ChangeApplicationStatusHandler,
  IdentifyApplicationHandler,
  ImportJobHandler,
  ImportCandidateHandler,
  ImportApplicationHandler,
  { provide: ImportedFields, useClass: ValidatedFields },
];

const privacy = [
  ErasePerson,
  AnonymiseCandidateHandler,
  HoldCandidateHandler,
  CountErasedCheckHandler,
  SetRetentionRuleHandler,
  StartRetention,
  WhenRetentionDue,
  WhenServiceAccountDeleted,
  WhenUserErased,
  RetentionTimer,
  RetentionRuleView,
  DueCandidatesView,
  FailedCandidatesView,
  ErasedIds,
  KeyErasedIds,
  DeleteErasureFailures,
  CandidateLedger,
  ErasuresView,
  { provide: Retention, useClass: PostgresRetention },
  { provide: Erasures, useClass: PostgresErasures },
];

/** Global because the guard in front of every context needs this module's `JobScopes`. */
@Global()
@Module({
  controllers: [
    JobsController,
    PermissionsController,
    CandidatesController,
    AnonymisingController,
    RetentionController,
  ],
  providers: [
    { provide: JobScopes, useClass: PostgresJobScopes },
    { provide: Jobs, useClass: PostgresJobs },
    { provide: Candidates, useClass: PostgresCandidates },
    { provide: Applications, useClass: PostgresApplications },
    { provide: JobPermissions, useClass: PostgresJobPermissions },
    { provide: Colleagues, useClass: AccessColleagues },
    JobLocator,
    CandidateLocator,
    ApplicationLocator,
    ...hiringVersions,
    FindApplicationHandler,
    JobExistsHandler,
    JobPermissionsView,
    JobsView,
    CandidatesView,
    ChangedJobsView,
    ChangedCandidatesView,
    ...useCases,
    ...privacy,
  ],
  exports: [JobScopes],
})
export class HiringModule {}
