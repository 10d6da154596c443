import { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import { anId } from '../../fakes/platform.js';

export const limits = { timeoutMs: 20_000, visibilityLagSeconds: 900 };

/** A connection of a new team to that account. */
export function aConnectionTo(accountKey: string): Connection {
  const now = new Date();
  const secret = { sealed: 's', last4: '0000', savedAt: now.toISOString(), savedBy: anId() };
  return new Connection(anId(), anId(), 'certn', 'ca', 'production', secret, secret, accountKey, now, now);
}

export const secondsBetween = (from: Date | null, to: Date | null): number =>
  Math.round(((to?.getTime() ?? Number.NaN) - (from?.getTime() ?? Number.NaN)) / 1000);
