import type { Deliveries } from './deliveries.ts';
import type { Faults } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Snapshot } from './snapshot.ts';
import type { Store } from './store.ts';
import type { Timers } from './timers.ts';
import type { WireLog } from './wire-log.ts';

/** All parts of one running stand-in; several may live in one process. */
export interface World {
  /** The address it listens on, set once it listens. */
  url: string;
  store: Store;
  ledger: Ledger;
  snapshot: Snapshot;
  timers: Timers;
  deliveries: Deliveries;
  faults: Faults;
  limits: RateLimits;
  wire: WireLog;
}
