import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { aConnectionTo, OrderTable } from '../../../../../../test/support/order-table.js';
import { PostgresInboundEvents } from '../../../cases/adapters/postgres/postgres-inbound-events.js';
import { PostgresVendorCases } from '../../../cases/adapters/postgres/postgres-vendor-cases.js';
import type { Connection } from '../../../connections/domain/connection.js';
import type { VendorCase } from '../../../gateway/domain/vendor-terms.js';
import type { VendorOrder } from '../../domain/vendor-order.js';
import { PostgresCaseLinks } from './postgres-case-links.js';
import { PostgresErasedCases } from './postgres-erased-cases.js';
import { PostgresErasedOrders } from './postgres-erased-orders.js';

describe('erased orders', () => {
  let table: OrderTable;
  let erased: PostgresErasedOrders;
  let links: PostgresCaseLinks;
  let cases: PostgresVendorCases;
  let inboundEvents: PostgresInboundEvents;
  let connection: Connection;

  beforeAll(async () => {
    table = await OrderTable.open();
    erased = new PostgresErasedOrders(table.db, table.fingerprints);
    cases = new PostgresVendorCases(table.db);
    inboundEvents = new PostgresInboundEvents(table.db);
    links = new PostgresCaseLinks(table.db, new PostgresErasedCases(table.db, table.fingerprints));
  });
  beforeEach(() => {
    connection = aConnectionTo(`https://host#${uuidv7()}`);
  });
  afterAll(() => table.close());

  const erase = ({ teamId, id }: VendorOrder): Promise<boolean> =>
    table.unitOfWork.run(() => erased.eraseCase(teamId, id));

  async function placed(caseId: string, candidates: string[] = []): Promise<VendorOrder> {
    const order = await table.sending(connection);
    await table.orders.move(order.teamId, order.id, 'place', order.attempt, { caseId, candidates });
    expect(await links.link({ ...order, connectionId: connection.id }, connection.host, aSnapshot(caseId))).toBe(true);
    return table.read(order);
  }

  const linked = async (caseIds: string[]): Promise<string[]> => {
    const rows = await table.db.rows(sql<{ case_id: string }>`
      select case_id from integrations.case_directory where case_id = any(${caseIds}::text[])`);
    return rows.map((row) => row.case_id);
  };

  const rememberedOf = async ({ teamId }: Connection): Promise<string[]> => {
    const rows = await table.db.rows(sql<{ case_hash: string }>`
      select case_hash from integrations.erased_case where team_id = ${teamId}`);
    return rows.map((row) => row.case_hash).toSorted();
  };

  it('keep their address for as long as it is needed to find them', async () => {
    const order = await table.lost(connection);
    expect(await erased.requestErasure(order.teamId, order.id)).toBe(true);
    await erased.erasePerson(order.teamId, order.id);
    expect(await table.read(order)).toMatchObject({ email: order.email, doNotSend: true });
    await table.orders.move(order.teamId, order.id, 'place', order.attempt, { caseId: uuidv7() });
    await erased.erasePerson(order.teamId, order.id);
    expect(await table.read(order)).toMatchObject({ email: '', state: 'ordered' });
  });

  it('are to be erased since the first request, and unknown orders never', async () => {
    const order = await table.lost(connection);
    expect(await erased.erasureRequestedForSeconds(order.teamId, order.id)).toBeNull();
    await erased.requestErasure(order.teamId, order.id);
    await table.wait(order, '1 hour');
    await erased.requestErasure(order.teamId, order.id);
    expect(await erased.erasureRequestedForSeconds(order.teamId, order.id)).toBeGreaterThan(3_599);
    expect(await erased.requestErasure(order.teamId, uuidv7())).toBe(false);
  });

  it("keep their case's last state and its fingerprint", async () => {
    const caseId = uuidv7();
    const order = await placed(caseId);
    expect(await erase(order)).toBe(true);
    expect(await cases.find(order.teamId, order.id)).toBeNull();
    expect(await cases.lastSnapshot(order.teamId, order.id)).toMatchObject({
      caseId: null,
      shortId: null,
      state: 'invited',
    });
    expect(await rememberedOf(connection)).toEqual([table.fingerprints.of(caseId)]);
    expect(await linked([caseId])).toEqual([]);
  });

  it('are erased a second time, with what was written during the first time', async () => {
    const caseId = uuidv7();
    const order = await placed(caseId);
    await erase(order);
    const { teamId, id: orderId } = order;
    const owner = { teamId, orderId, connectionId: connection.id };
    await inboundEvents.store([{ id: uuidv7(), owner, eventId: uuidv7(), eventType: 'E', caseId, digest: 'd' }]);
    await table.db.affected(sql`
      insert into integrations.unmatched_case (team_id, connection_id, case_id, fingerprint)
      values (${teamId}, ${connection.id}, ${caseId}, ${table.fingerprints.of(caseId)}),
             (${uuidv7()}, ${uuidv7()}, ${caseId}, ${table.fingerprints.of(caseId)})`);
    const late = { ...aSnapshot(caseId), state: 'opened' } as const;
    expect(await cases.record(teamId, orderId, late, new Date(Date.now() + 60_000))).toBe('unchanged');
    expect(await erase(order)).toBe(false);
    const left = await table.db.rows(sql`
      select case_id from integrations.inbound_event where team_id = ${teamId}
      union all select case_id from integrations.unmatched_case where case_id = ${caseId}
      union all select short_id from integrations.vendor_case where team_id = ${teamId} and short_id is not null`);
    expect(left).toEqual([]);
  });

  it('erase cases that may have been their own, but none of another order', async () => {
    const [own, unowned, others] = [uuidv7(), uuidv7(), uuidv7()];
    await placed(others);
    await erase(await placed(own, [unowned, others]));
    expect(await rememberedOf(connection)).toEqual(
      [table.fingerprints.of(own), table.fingerprints.of(unowned)].toSorted(),
    );
    expect(await linked([own, others])).toEqual([others]);
  });

  it('have cases that are never linked, kept or adopted again by any team', async () => {
    const caseId = uuidv7();
    await erase(await placed(caseId));
    const other = aConnectionTo(connection.accountKey);
    const order = await table.sending(other);
    expect(await links.link({ ...order, connectionId: other.id }, other.host, aSnapshot(caseId))).toBe(false);
    expect(await links.storeUnmatchedCase(other.teamId, other.id, caseId)).toBeNull();
    expect(await table.unknownOutcomes.unlinked(other.host, [caseId])).toEqual([]);
  });

  it('are not sentinel cases, because no list can be asked for them', async () => {
    const order = await placed(uuidv7());
    await table.wait(order, '1 hour');
    expect(await table.unknownOutcomes.sentinelCase(order.teamId, connection.id)).not.toBeNull();
    await erase(order);
    expect(await table.unknownOutcomes.sentinelCase(order.teamId, connection.id)).toBeNull();
  });

  it("erase the connection's last error when it names their case", async () => {
    const [caseId, other] = [uuidv7(), uuidv7()];
    const writeError = (about: string) => sql`
      insert into integrations.connection
        (team_id, id, region, environment, current, api_key, webhook_secret, account_key, last_error, created_at, updated_at)
      values (${connection.teamId}, ${connection.id}, 'ca', 'production', true, '{}', '{}', ${connection.accountKey},
              ${JSON.stringify({ message: `No case ${about}.` })}::jsonb, now(), now())
      on conflict (team_id, id) do update set last_error = excluded.last_error`;
    const lastError = () =>
      table.db.first(sql`select last_error from integrations.connection where id = ${connection.id}`);
    const order = await placed(caseId);
    await table.db.affected(writeError(other));
    await erase(await placed(uuidv7()));
    expect(await lastError()).toMatchObject({ last_error: { message: `No case ${other}.` } });
    await table.db.affected(writeError(caseId));
    await erase(order);
    expect(await lastError()).toEqual({ last_error: null });
  });
});

const aSnapshot = (id: string): VendorCase => ({
  ...{ id, shortId: `C-${id.slice(-6)}`, state: 'invited', result: null, vendorStatus: 'APPLICANT_INVITED' },
  ...{ vendorScore: null, email: null, packageId: null, createdAt: null },
});
