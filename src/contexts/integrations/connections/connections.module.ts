import type { EntityManager } from '@mikro-orm/postgresql';
import { Module } from '@nestjs/common';
import { PostgresAudit } from '#platform/audit/postgres-audit';
import type { Settings } from '#platform/config/settings';
import { Database } from '#platform/database/database';
import { PostgresUnitOfWork } from '#platform/database/unit-of-work';
import { Keyring } from '#platform/secrets/keyring';
import { GatewayModule } from '../gateway/gateway.module.js';
import { AnsweredAttachedPackages } from './adapters/contexts/attached-packages.js';
import { ConnectionTests } from './adapters/http/connection-tests.js';
import { ConnectionController, IntegrationsController } from './adapters/http/integrations.controller.js';
import { PackagesController } from './adapters/http/packages.controller.js';
import { DeleteRetiredConnections, EndPreviousSecrets } from './adapters/postgres/housekeeping.js';
import { PostgresConnections } from './adapters/postgres/postgres-connections.js';
import { PostgresPackages } from './adapters/postgres/postgres-packages.js';
import { PostgresSealedSecrets } from './adapters/postgres/postgres-sealed-secrets.js';
import { PostgresWebhookStatuses } from './adapters/postgres/postgres-webhook-statuses.js';
import { AccountProbe } from './application/account-probe.js';
import { ConnectHandler } from './application/connect.js';
import { ConnectionCalls } from './application/connection-calls.js';
import { ConnectionSecrets } from './application/connection-secrets.js';
import { GetConnectionStateHandler } from './application/connection-state.js';
import { DisconnectHandler } from './application/disconnect.js';
import { KeyAgeAlarm } from './application/key-age-alarm.js';
import { FindPackageHandler, ListPackagesHandler, PackageCatalogue } from './application/packages.js';
import { type Resealing, resealSecrets } from './application/reseal-secrets.js';
import { TryConnectionHandler } from './application/try-connection.js';
import { Connections } from './domain/connections.js';
import { AttachedPackages, Packages } from './domain/packages.js';
import { WebhookStatuses } from './domain/webhook-status.js';
import { ConnectionGauges } from './views/connection-gauges.js';
import { ConnectionView } from './views/connection.js';
import { VendorFacts } from './vendor-facts.js';
import { SecretGauges } from './views/secret-gauges.js';
import { ConnectionVersion } from './adapters/postgres/connection-version.js';

/** A team's access to a vendor account: its secrets, its packages, its health. */
@Module({
  imports: [GatewayModule],
  controllers: [IntegrationsController, ConnectionController, PackagesController],
  providers: [
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
    KeyAgeAlarm,
    ConnectionTests,
    VendorFacts,
    ConnectionView,
    ConnectionVersion,
    ConnectionGauges,
    SecretGauges,
    DeleteRetiredConnections,
    EndPreviousSecrets,
    { provide: Connections, useClass: PostgresConnections },
    { provide: Packages, useClass: PostgresPackages },
    { provide: WebhookStatuses, useClass: PostgresWebhookStatuses },
    { provide: AttachedPackages, useClass: AnsweredAttachedPackages },
  ],
  exports: [Connections, ConnectionCalls, WebhookStatuses, KeyAgeAlarm],
})
export class ConnectionsModule {}

/** The use case without Nest, for the command that rotates the key. */
export const secretsRotation = (em: EntityManager, keys: Settings['credentialsKeys']): Promise<Resealing> => {
  const database = new Database(em);
  const [unitOfWork, audit] = [new PostgresUnitOfWork(em), new PostgresAudit(database)];
  return resealSecrets(new PostgresSealedSecrets(database), new Keyring(keys), unitOfWork, audit);
};
