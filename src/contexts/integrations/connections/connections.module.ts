import type { Provider, Type } from '@nestjs/common';
import { AnsweredAttachedPackages } from './adapters/contexts/attached-packages.js';
import { CertnConnectionController } from './adapters/http/certn-connection.controller.js';
import { CertnPackagesController } from './adapters/http/certn-packages.controller.js';
import { PostgresCallLog } from '../gateway/adapters/postgres/postgres-call-log.js';
import { PostgresLastInboundEvents } from './adapters/postgres/postgres-last-inbound-events.js';
import { PostgresPackages } from './adapters/postgres/postgres-packages.js';
import { PostgresVendorCircuitBreaker } from '../gateway/adapters/postgres/postgres-vendor-circuit-breaker.js';
import { PostgresVendorBudget } from '../gateway/adapters/postgres/postgres-vendor-budget.js';
import { PostgresWebhookStatuses } from './adapters/postgres/postgres-webhook-statuses.js';
import { AccountProbe } from './application/account-probe.js';
import { ConnectHandler } from './application/connect.js';
import { ConnectionSecrets } from './application/connection-secrets.js';
import { GetConnectionStateHandler } from './application/connection-state.js';
import { DisconnectHandler } from './application/disconnect.js';
import { FindPackageHandler, ListPackagesHandler, PackageCatalogue } from './application/packages.js';
import { TryConnectionHandler } from './application/try-connection.js';
import { ConnectionCalls } from './application/connection-calls.js';
import { VendorCalls } from '../gateway/application/vendor-calls.js';
import { LastInboundEvents } from './domain/last-inbound-events.js';
import { AttachedPackages, Packages } from './domain/packages.js';
import { VendorCircuitBreaker } from '../gateway/domain/vendor-circuit-breaker.js';
import { CallLog, VendorBudget } from '../gateway/domain/vendor-budget.js';
import { WebhookStatuses } from './domain/webhook-status.js';
import { ConnectionView } from './views/connection-view.js';

export const connectingControllers: Type[] = [CertnConnectionController, CertnPackagesController];

/** Requires `Connections` and `ScreeningProvider` from the module. */
export const connectingProviders: Provider[] = [
  VendorCalls,
  ConnectionCalls,
  AccountProbe,
  ConnectionSecrets,
  PackageCatalogue,
  ConnectHandler,
  DisconnectHandler,
  TryConnectionHandler,
  GetConnectionStateHandler,
  FindPackageHandler,
  ListPackagesHandler,
  ConnectionView,
  { provide: VendorBudget, useClass: PostgresVendorBudget },
  { provide: VendorCircuitBreaker, useClass: PostgresVendorCircuitBreaker },
  { provide: CallLog, useClass: PostgresCallLog },
  { provide: Packages, useClass: PostgresPackages },
  { provide: LastInboundEvents, useClass: PostgresLastInboundEvents },
  { provide: WebhookStatuses, useClass: PostgresWebhookStatuses },
  { provide: AttachedPackages, useClass: AnsweredAttachedPackages },
];
