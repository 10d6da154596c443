import { Global, Logger, Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { DiscoveryModule } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { Audit, Clock, Fingerprints, Ids, Secrets } from '#kernel/ports';
import { AuditChain } from './audit/audit-chain.js';
import { ChainTimer } from './audit/chain-timer.js';
import { ChangeFeed } from './changes/change-feed.js';
import { ChangeNumbering } from './changes/change-numbering.js';
import { DeleteOldChanges } from './changes/delete-old-changes.js';
import { NumberChanges } from './changes/number-changes.js';
import { readPart } from './config/reader.js';
import { serviceSettings, Settings } from './config/settings.js';
import { DatabaseClock } from './database/database-clock.js';
import { EventsModule } from './events/events.module.js';
import { DeleteOldRequestKeys } from './idempotency/delete-old-request-keys.js';
import { RememberingAudit } from './idempotency/remembering-audit.js';
import { RequestKeys } from './idempotency/request-keys.js';
import { HousekeepingTimer } from './housekeeping/housekeeping-timer.js';
import { StalledWorkTimer } from './stalled-work/stalled-work-timer.js';
import { DeleteOldFaults } from './recurring/delete-old-faults.js';
import { RecurringGauges } from './recurring/recurring-gauges.js';
import { RecurringWork } from './recurring/recurring-work.js';
import { FingerprintKeyLedger } from './secrets/fingerprint-key-ledger.js';
import { KeyedFingerprints } from './secrets/keyed-fingerprints.js';
import { Keyring } from './secrets/keyring.js';
import { TimeOrderedIds } from './system.js';

@Global()
@Module({
  imports: [
    ConfigModule.forRoot({ ignoreEnvFile: true, load: [() => ({ settings: readPart(serviceSettings) })] }),
    CqrsModule.forRoot(),
    DiscoveryModule,
    EventsModule,
  ],
  providers: [
    {
      provide: Settings,
      inject: [ConfigService],
      useFactory: (config: ConfigService) => config.getOrThrow<Settings>('settings'),
    },
    { provide: Clock, useClass: DatabaseClock },
    { provide: Ids, useClass: TimeOrderedIds },
    {
      provide: Secrets,
      inject: [Settings],
      useFactory: ({ credentialsKeys }: Settings) => {
        const log = new Logger('secrets');
        return new Keyring(credentialsKeys, (line) => log.error(line));
      },
    },
    RequestKeys,
    DeleteOldRequestKeys,
    { provide: Audit, useClass: RememberingAudit },
    KeyedFingerprints,
    { provide: Fingerprints, useExisting: KeyedFingerprints },
    HousekeepingTimer,
    StalledWorkTimer,
    RecurringWork,
    RecurringGauges,
    DeleteOldFaults,
    FingerprintKeyLedger,
    AuditChain,
    ChainTimer,
    ChangeNumbering,
    ChangeFeed,
    NumberChanges,
    DeleteOldChanges,
  ],
  exports: [
    Settings,
    RecurringWork,
    Clock,
    Ids,
    Secrets,
    Audit,
    Fingerprints,
    KeyedFingerprints,
    RequestKeys,
    ChangeFeed,
  ],
})
export class PlatformModule {}
