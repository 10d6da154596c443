import type { UnitOfWork } from '#kernel/ports';
import type { VendorCases } from '../../../src/contexts/integrations/cases/domain/vendor-cases.js';
import { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import type { Connections } from '../../../src/contexts/integrations/connections/domain/connections.js';
import type { VendorCase } from '../../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import type { CaseLinks } from '../../../src/contexts/integrations/orders/domain/case-links.js';
import { anId } from '../../fakes/platform.js';
import { aCase } from './order-fixtures.js';

export interface CasesFixture {
  unitOfWork: UnitOfWork;
  connections: Connections;
  links: CaseLinks;
  cases: VendorCases;
}

/** A saved connection of a new team. */
export async function aSavedConnection(
  { unitOfWork, connections }: Pick<CasesFixture, 'unitOfWork' | 'connections'>,
  { accountKey = `https://host#${anId()}`, vendor = 'certn', teamId = anId() } = {},
): Promise<Connection> {
  const now = new Date('2026-09-01T00:00:00Z');
  const secret = (name: string) => ({
    sealed: `${name} ${anId()}`,
    last4: '0000',
    savedAt: '2026-09-01',
    savedBy: anId(),
  });
  const place = ['ca', 'production'] as const;
  const connection = new Connection(
    ...([teamId, anId(), vendor, ...place, secret('key'), secret('webhook'), accountKey, now, now] as const),
  );
  await unitOfWork.run(() => connections.add(connection));
  return connection;
}

/** An order's case that was last read so many minutes ago. Resolves to the order's id. */
export async function aKnownCase(
  { unitOfWork, links, cases }: Pick<CasesFixture, 'unitOfWork' | 'links' | 'cases'>,
  { teamId, id: connectionId, host }: Connection,
  snapshot: VendorCase = aCase(anId()),
): Promise<string> {
  const orderId = anId();
  await unitOfWork.run(() => links.link({ teamId, id: orderId, connectionId }, host, snapshot));
  if (!(await cases.find(teamId, orderId))) throw new Error('It was not linked.');
  return orderId;
}
