import type { ContextSchema } from '#platform/database/context-schema';
import { connectionSchema } from '../../connections/adapters/postgres/connection.schema.js';
import { Start } from './migrations/0001-start.js';
import { OrdersInDoubt } from './migrations/0002-orders-in-doubt.js';
import { Following } from './migrations/0003-following.js';
import { Erasing } from './migrations/0004-erasing.js';
import { Breaker } from './migrations/0005-breaker.js';
import { Forgetting } from './migrations/0008-forgetting.js';
import { Turns } from './migrations/0040-turns.js';
import { WebhookStanding } from './migrations/0051-webhook-standing.js';
import { OldRowsEnd } from './migrations/0063-old-rows-end.js';
import { VendorsOfConnections } from './migrations/0064-vendors.js';
import { PlainNames } from './migrations/0065-plain-names.js';
import { ConnectionPerVendor } from './migrations/0066-connection-per-vendor.js';
import { ErasedCasesHaveAHost } from './migrations/0068-erased-cases-have-a-host.js';

export const integrationsSchema: ContextSchema = {
  name: 'integrations',
  entities: [connectionSchema],
  migrations: [
    { name: '0001-start', class: Start },
    { name: '0002-orders-in-doubt', class: OrdersInDoubt },
    { name: '0003-following', class: Following },
    { name: '0004-erasing', class: Erasing },
    { name: '0005-breaker', class: Breaker },
    { name: '0008-forgetting', class: Forgetting },
    { name: '0040-turns', class: Turns },
    { name: '0051-webhook-standing', class: WebhookStanding },
    { name: '0063-old-rows-end', class: OldRowsEnd },
    { name: '0064-vendors', class: VendorsOfConnections },
    { name: '0065-plain-names', class: PlainNames },
    { name: '0066-connection-per-vendor', class: ConnectionPerVendor },
    { name: '0068-erased-cases-have-a-host', class: ErasedCasesHaveAHost },
  ],
  columns: {
    connection: {
      nothing: 'vendor region environment account_key attention',
      // The vendor's message may name a case or a person.
      candidate: 'last_error',
      secret: 'api_key webhook_secret previous_webhook_secret',
    },
    package: { nothing: 'id name' },
    order: {
      nothing: 'account_key package_id state waiting_for found_by',
      candidate: 'email email_canonical message',
      case: 'case_id candidates refused_cases',
    },
    case_directory: { nothing: 'host', case: 'case_id' },
    vendor_case: { case: 'case_id short_id', outcome: 'state result vendor_status vendor_score' },
    inbound_event: { nothing: 'event_type outcome', case: 'case_id event_id digest failure' },
    unmatched_case: { case: 'case_id', fingerprint: 'fingerprint' },
    report: { case: 'report_id' },
    discrepancy: { nothing: 'kind', case: 'case_id', fingerprint: 'fingerprint' },
    scheduled_task: { nothing: 'kind progress' },
    erased_case: { fingerprint: 'case_hash', nothing: 'host' },
    vendor_budget: { nothing: 'account_key span used_for' },
    circuit_breaker: { nothing: 'account_key' },
  },
};
