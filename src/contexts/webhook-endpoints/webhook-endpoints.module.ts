import { Module } from '@nestjs/common';
import { readPart } from '#platform/config/reader';
import { PresentThings } from './adapters/contexts/present-things.js';
import { EndpointSends } from './adapters/http/endpoint-sends.js';
import { WebhookEndpointsController } from './adapters/http/webhook-endpoints.controller.js';
import { HttpEndpointCalls } from './adapters/outbound/http-endpoint-calls.js';
import { EndpointLocator } from './adapters/postgres/endpoint-locator.js';
import { EventLocator } from './adapters/postgres/event-locator.js';
import { EndpointVersion } from './adapters/postgres/endpoint-version.js';
import {
  DeleteOldWebhookEvents,
  DeleteRemovedEndpoints,
  EndPreviousSigningSecrets,
} from './adapters/postgres/housekeeping.js';
import { PostgresDeliveries } from './adapters/postgres/postgres-deliveries.js';
import { PostgresWebhookEndpoints } from './adapters/postgres/postgres-webhook-endpoints.js';
import { PostgresWebhookEvents } from './adapters/postgres/postgres-webhook-events.js';
import { DeliveryTimer } from './adapters/timers/delivery-timer.js';
import { AnnounceCheck } from './application/announce-check.js';
import { Announcer } from './application/announcer.js';
import { ChangeEndpointHandler } from './application/change-endpoint.js';
import { CreateEndpointHandler } from './application/create-endpoint.js';
import { DeleteEndpointHandler } from './application/delete-endpoint.js';
import { EndpointAudit } from './application/endpoint-audit.js';
import { ReplayEventsHandler } from './application/replay-events.js';
import { RotateSecretHandler } from './application/rotate-secret.js';
import { SendDeliveries } from './application/send-deliveries.js';
import { SendTestHandler } from './application/send-test.js';
import { WhenCandidateAnonymised } from './application/when-candidate-anonymised.js';
import {
  AnnouncePresentCheck,
  WhenCheckRequestedAnnounce,
  WhenCheckStatusChangedAnnounce,
} from './application/when-check-changed.js';
import { WhenConnectionStateChanged } from './application/when-connection-state-changed.js';
import { Deliveries } from './domain/deliveries.js';
import { EndpointCalls } from './domain/endpoint-calls.js';
import { Things } from './domain/things.js';
import { WebhookEndpoints } from './domain/webhook-endpoints.js';
import { WebhookEvents } from './domain/webhook-events.js';
import { WebhookEndpointsSettings, webhookEndpointsSettings } from './settings.js';
import { AttemptsView } from './views/attempts.js';
import { WebhookEndpointsView } from './views/webhook-endpoints.js';

const useCases = [
  CreateEndpointHandler,
  ChangeEndpointHandler,
  DeleteEndpointHandler,
  RotateSecretHandler,
  SendTestHandler,
  ReplayEventsHandler,
];
const eventHandlers = [
  WhenCheckRequestedAnnounce,
  WhenCheckStatusChangedAnnounce,
  WhenConnectionStateChanged,
  WhenCandidateAnonymised,
];

@Module({
  controllers: [WebhookEndpointsController],
  providers: [
    { provide: WebhookEndpointsSettings, useFactory: () => readPart(webhookEndpointsSettings) },
    EndpointAudit,
    Announcer,
    AnnounceCheck,
    AnnouncePresentCheck,
    SendDeliveries,
    ...useCases,
    ...eventHandlers,
    WebhookEndpointsView,
    AttemptsView,
    EndpointLocator,
    EventLocator,
    EndpointVersion,
    EndpointSends,
    DeleteOldWebhookEvents,
    DeleteRemovedEndpoints,
    EndPreviousSigningSecrets,
    DeliveryTimer,
    { provide: WebhookEndpoints, useClass: PostgresWebhookEndpoints },
    { provide: WebhookEvents, useClass: PostgresWebhookEvents },
    { provide: Deliveries, useClass: PostgresDeliveries },
    { provide: EndpointCalls, useClass: HttpEndpointCalls },
    { provide: Things, useClass: PresentThings },
  ],
})
export class WebhookEndpointsModule {}

/** For the command that rotates the key. */
export { resealEndpointSecrets } from './adapters/postgres/reseal-endpoint-secrets.js';
