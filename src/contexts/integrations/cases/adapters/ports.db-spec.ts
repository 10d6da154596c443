import { caseWatchContract } from '../../../../../test/contracts/integrations/case-watch.contract.js';
import { watchingContract } from '../../../../../test/contracts/integrations/watching.contract.js';
import { erasedOrdersContract } from '../../../../../test/contracts/integrations/erased-orders.contract.js';
import { sql } from 'kysely';
import { readPart } from '#platform/config/reader';
import { Ids, Outbox } from '#kernel/ports';
import { EntityManager } from '@mikro-orm/postgresql';
import { connectionFactsContract } from '../../../../../test/contracts/integrations/connection-facts.contract.js';
import { inboundEventsContract } from '../../../../../test/contracts/integrations/inbound-events.contract.js';
import type { Key } from '../../../../../test/contracts/integrations/order-fixtures.js';
import { vendorCasesContract } from '../../../../../test/contracts/integrations/vendor-cases.contract.js';
import { OrderTable } from '../../../../../test/support/order-table.js';
import { PostgresConnections } from '../../connections/adapters/postgres/postgres-connections.js';
import { PostgresPackages } from '../../connections/adapters/postgres/postgres-packages.js';
import { PostgresSealedSecrets } from '../../connections/adapters/postgres/postgres-sealed-secrets.js';
import { PostgresWebhookStatuses } from '../../connections/adapters/postgres/postgres-webhook-statuses.js';
import { PostgresCallLog } from '../../gateway/adapters/postgres/postgres-call-log.js';
import { PostgresCaseLinks } from '../../orders/adapters/postgres/postgres-case-links.js';
import { integrationsSettings } from '../../settings.js';
import { PostgresErasedCases } from '../../orders/adapters/postgres/postgres-erased-cases.js';
import { PostgresErasedOrders } from '../../orders/adapters/postgres/postgres-erased-orders.js';
import { PostgresCaseWatch } from './postgres/postgres-case-watch.js';
import { PostgresDiscrepancies } from './postgres/postgres-discrepancies.js';
import { PostgresFeedEvents } from './postgres/postgres-feed-events.js';
import { PostgresMissedWebhooks } from './postgres/postgres-missed-webhooks.js';
import { PostgresReports } from './postgres/postgres-reports.js';
import { PostgresInboundEvents } from './postgres/postgres-inbound-events.js';
import { PostgresRejectedSignatures } from './postgres/postgres-rejected-signatures.js';
import { PostgresVendorCases } from './postgres/postgres-vendor-cases.js';

let table: OrderTable;
beforeAll(async () => {
  table = await OrderTable.open();
});
afterAll(() => table?.close());

const adapters = () => {
  const { db, unitOfWork, orders, unknownOutcomes, fingerprints } = table;
  const rejected = new PostgresRejectedSignatures(db);
  const erasedCases = new PostgresErasedCases(db, fingerprints);
  return {
    ...{ unitOfWork, orders, unknownOutcomes, rejected },
    connections: new PostgresConnections(table.get(EntityManager), db, table.get(Outbox)),
    links: new PostgresCaseLinks(db, erasedCases),
    cases: new PostgresVendorCases(db),
    watch: new PostgresCaseWatch(db),
    feedEvents: new PostgresFeedEvents(db),
    missedWebhooks: new PostgresMissedWebhooks(db),
    reports: new PostgresReports(db),
    discrepancies: new PostgresDiscrepancies(
      db,
      readPart(integrationsSettings),
      table.get(Ids),
      fingerprints,
      erasedCases,
    ),
    erasedOrders: new PostgresErasedOrders(db, fingerprints),
    casesWithoutOrder: async ({ teamId, id }: { teamId: string; id: string }) => {
      const rows = await db.rows(sql<{ case_id: string }>`
        select case_id from integrations.discrepancy
        where team_id = ${teamId} and connection_id = ${id} and kind = 'case_without_order'`);
      return rows.map((row) => row.case_id);
    },
    inboundEvents: new PostgresInboundEvents(db),
    webhookStatuses: new PostgresWebhookStatuses(db),
    packages: new PostgresPackages(db, unitOfWork),
    callLog: new PostgresCallLog(db),
    sealedSecrets: new PostgresSealedSecrets(db),
    flush: () => rejected.flush(),
    pass: async (seconds: number, ...passing: Key[]) => {
      for (const order of passing) await table.wait(order, `${seconds} seconds`);
      // The columns keep milliseconds, and two statements may run within one.
      const past = sql`${seconds} * interval '1 second'`;
      await db.affected(sql`update integrations.missed_webhooks set first_missed_at = first_missed_at - ${past}`);
      await db.affected(sql`update integrations.inbound_event set announced_at = announced_at - ${past}`);
    },
    lastErrorOf: async ({ teamId, id }: { teamId: string; id: string }) => {
      const row = await db.first(sql<{ last_error: { reason: string; message: string } | null }>`
        select last_error from integrations.connection where team_id = ${teamId} and id = ${id}`);
      return row?.last_error ?? null;
    },
  };
};

vendorCasesContract('in Postgres', adapters);
inboundEventsContract('in Postgres', adapters);
connectionFactsContract('in Postgres', adapters);
caseWatchContract('in Postgres', adapters);
watchingContract('in Postgres', adapters);
erasedOrdersContract('in Postgres', adapters);
