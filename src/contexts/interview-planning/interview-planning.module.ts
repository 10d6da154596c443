import { Module } from '@nestjs/common';
import { readPart } from '#platform/config/reader';
import { activities } from './activities/index.js';
import { RegisteredActivities } from './activities/registered-activities.js';
import { HiringApplications, HiringJobs, HiringRecords } from './adapters/contexts/hiring.js';
import { IntegrationConnection, IntegrationPackages, IntegrationVendors } from './adapters/contexts/integrations.js';
import { PackagesInUseHandler } from './adapters/contexts/packages-in-use.js';
import { ApplicationsController } from './adapters/http/applications.controller.js';
import { ImportsController } from './adapters/http/imports.controller.js';
import { RunningImports } from './adapters/http/running-imports.js';
import { ItemsController } from './adapters/http/items.controller.js';
import { ShownItems } from './adapters/http/shown-items.js';
import { StagesController } from './adapters/http/stages.controller.js';
import { PostgresImportPlaces } from './adapters/postgres/postgres-import-places.js';
import { ItemLocator, StageLocator } from './adapters/postgres/locators.js';
import { PostgresInterviewPlans } from './adapters/postgres/postgres-interview-plans.js';
import { PostgresPlacements } from './adapters/postgres/postgres-placements.js';
import { AddItemHandler } from './application/add-item.js';
import { AddStageHandler } from './application/add-stage.js';
import { ChangeApplicationHandler } from './application/change-application.js';
import { ChangeItemHandler } from './application/change-item.js';
import { ChangeStageHandler } from './application/change-stage.js';
import { ImportLineHandler } from './application/import-line.js';
import { ImportRecord } from './application/import-record.js';
import { OpenApplicationHandler } from './application/open-application.js';
import { PlaceApplication } from './application/place-application.js';
import { RemoveItemHandler } from './application/remove-item.js';
import { RemoveStageHandler } from './application/remove-stage.js';
import { ActivityKinds } from './domain/activity-kind.js';
import { Applications, Candidates, ImportedRecords, Jobs } from './domain/applications.js';
import { ImportPlaces } from './domain/import-places.js';
import { InterviewPlans } from './domain/interview-plans.js';
import { ConnectionState, Packages, PlanVendors } from './domain/packages.js';
import { Placements } from './domain/placements.js';
import { ApplicationsView } from './views/applications.js';
import { ChangedApplicationsView } from './views/changed-applications.js';
import { FindPlanItemHandler } from './views/find-plan-item.js';
import { JobStagesView } from './views/job-stages.js';
import { VisibleCandidatesView } from './views/visible-candidates.js';
import { InterviewPlanningSettings, interviewPlanningSettings } from './settings.js';
import { planVersions } from './adapters/postgres/versions.js';

const useCases = [
  AddStageHandler,
  ChangeStageHandler,
  RemoveStageHandler,
  AddItemHandler,
  ChangeItemHandler,
  RemoveItemHandler,
  OpenApplicationHandler,
  ChangeApplicationHandler,
  ImportLineHandler,
  ImportRecord,
  PlaceApplication,
];
const views = [ApplicationsView, ChangedApplicationsView, JobStagesView, FindPlanItemHandler];

@Module({
  controllers: [
    StagesController,
    ItemsController,
    ApplicationsController,
    ImportsController,
    ...activities.flatMap(({ controllers = [] }) => controllers),
  ],
  providers: [
    { provide: InterviewPlanningSettings, useFactory: () => readPart(interviewPlanningSettings) },
    ...useCases,
    ...views,
    ...activities.flatMap(({ Kind, providers = [] }) => [Kind, ...providers]),
    ShownItems,
    PackagesInUseHandler,
    RunningImports,
    StageLocator,
    ItemLocator,
    ...planVersions,
    { provide: ActivityKinds, useClass: RegisteredActivities },
    { provide: InterviewPlans, useClass: PostgresInterviewPlans },
    { provide: Placements, useClass: PostgresPlacements },
    { provide: ImportPlaces, useClass: PostgresImportPlaces },
    { provide: Candidates, useClass: VisibleCandidatesView },
    { provide: Applications, useClass: HiringApplications },
    { provide: Jobs, useClass: HiringJobs },
    { provide: ImportedRecords, useClass: HiringRecords },
    { provide: Packages, useClass: IntegrationPackages },
    { provide: ConnectionState, useClass: IntegrationConnection },
    { provide: PlanVendors, useClass: IntegrationVendors },
  ],
})
export class InterviewPlanningModule {}
