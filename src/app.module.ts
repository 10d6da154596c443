import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { ChangesModule } from './changes/changes.module.js';
import { AccessModule } from './contexts/access/access.module.js';
import { BackgroundChecksModule } from './contexts/background-checks/background-checks.module.js';
import { HiringModule } from './contexts/hiring/hiring.module.js';
import { IntegrationsModule } from './contexts/integrations/integrations.module.js';
import { InterviewPlanningModule } from './contexts/interview-planning/interview-planning.module.js';
import { WebhookEndpointsModule } from './contexts/webhook-endpoints/webhook-endpoints.module.js';
import { AuthModule } from './platform/auth/auth.module.js';
import { CallerGuard } from './platform/auth/caller.guard.js';
import { DenialInterceptor } from './platform/auth/denial.interceptor.js';
import { DenialFloods } from './platform/auth/denial-floods.js';
import { Denials } from './platform/auth/denials.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { Credentials } from './platform/http/credential.js';
import { ErrorFilter } from './platform/http/error-filter.js';
import { DeleteOldRateLimits } from './platform/http/delete-old-rate-limits.js';
import { OnePersonsRequests } from './platform/http/one-persons-requests.js';
import { RateLimits } from './platform/http/rate-limits.js';
import { SignInLimits } from './platform/http/sign-in-limits.js';
import { TurnedAway } from './platform/http/turned-away.js';
import { HealthController } from './platform/http/health.controller.js';
import { AcceptGuard } from './platform/http/negotiation.js';
import { UnreadAnswers } from './platform/http/unread-answers.js';
import { UnknownQueryGuard } from './platform/http/unknown-query.guard.js';
import { ContractValidation } from './platform/http/validation.js';
import { VersionInterceptor } from './platform/http/version.interceptor.js';
import { logging } from './platform/logging.js';
import { MetricsServer } from './platform/metrics/metrics-server.js';
import { PlatformModule } from './platform/platform.module.js';
import { Versions } from './platform/versions/versions.js';
import { schemas } from './schemas.js';

@Module({
  imports: [
    PlatformModule,
    logging,
    DiscoveryModule,
    AuthModule,
    DatabaseModule.forSchemas(schemas),
    AccessModule,
    HiringModule,
    InterviewPlanningModule,
    BackgroundChecksModule,
    IntegrationsModule,
    ChangesModule,
    WebhookEndpointsModule,
  ],
  controllers: [HealthController],
  providers: [
    RateLimits,
    DeleteOldRateLimits,
    SignInLimits,
    Credentials,
    TurnedAway,
    OnePersonsRequests,
    UnreadAnswers,
    MetricsServer,
    Denials,
    DenialFloods,
    Versions,
    { provide: APP_INTERCEPTOR, useClass: DenialInterceptor },
    { provide: APP_INTERCEPTOR, useClass: VersionInterceptor },
    { provide: APP_FILTER, useClass: ErrorFilter },
    { provide: APP_GUARD, useClass: AcceptGuard },
    { provide: APP_GUARD, useClass: CallerGuard },
    { provide: APP_GUARD, useClass: UnknownQueryGuard },
    { provide: APP_PIPE, useClass: ContractValidation },
  ],
})
export class AppModule {}
