import { Global, Module } from '@nestjs/common';
import { JobScopes } from '#platform/auth/ports';
import { AccessColleagues } from './adapters/contexts/access-colleagues.js';
import { CandidatesController } from './adapters/http/candidates.controller.js';
import { JobsController } from './adapters/http/jobs.controller.js';
import { PermissionsController } from './adapters/http/permissions.controller.js';
import { PostgresJobPermissions, PostgresJobScopes } from './adapters/postgres/job-permissions.js';
import { ApplicationLocator, CandidateLocator, JobLocator } from './adapters/postgres/locators.js';
import { PostgresApplications, PostgresCandidates, PostgresJobs } from './adapters/postgres/records.js';
import { ChangeApplicationStatusHandler } from './application/change-application-status.js';
import { ChangeCandidateHandler } from './application/change-candidate.js';
import { ChangeJobHandler } from './application/change-job.js';
import { CreateApplicationHandler } from './application/create-application.js';
import { CreateCandidateHandler } from './application/create-candidate.js';
import { CreateJobHandler } from './application/create-job.js';
import { ImportApplicationHandler } from './application/import-application.js';
import { ImportCandidateHandler } from './application/import-candidate.js';
import { ImportJobHandler } from './application/import-job.js';
import { ReplacePermissionsHandler } from './application/replace-permissions.js';
import { Applications, Candidates, Colleagues, JobPermissions, Jobs } from './domain/ports.js';
import { CandidatesView } from './views/candidates.js';
import { FindApplicationHandler, JobExistsHandler } from './views/find-application.js';
import { JobPermissionsView } from './views/job-permissions.js';
import { JobsView } from './views/jobs.js';

const useCases = [
  CreateJobHandler,
  ChangeJobHandler,
  ReplacePermissionsHandler,
  CreateCandidateHandler,
  ChangeCandidateHandler,
  CreateApplicationHandler,
  ChangeApplicationStatusHandler,
  ImportJobHandler,
  ImportCandidateHandler,
  ImportApplicationHandler,
];

/** Global because the guard in front of every context needs its `JobScopes`. */
@Global()
@Module({
  controllers: [JobsController, PermissionsController, CandidatesController],
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
    FindApplicationHandler,
    JobExistsHandler,
    JobPermissionsView,
    JobsView,
    CandidatesView,
    ...useCases,
  ],
  exports: [JobScopes],
})
export class HiringModule {}
