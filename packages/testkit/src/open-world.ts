import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Deliveries } from './deliveries.ts';
import { Faults } from './faults.ts';
import { Ledger } from './ledger.ts';
import { RateLimits } from './rate-limits.ts';
import { Snapshot } from './snapshot.ts';
import { Store } from './store.ts';
import { Timers } from './timers.ts';
import { WireLog } from './wire-log.ts';
import { deliverLater, restoreFromLedger } from './case-actions.ts';
import type { World } from './world.ts';

export function openWorld(dataDir?: string): World {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  const store = new Store();
  const timers = new Timers();
  const world: World = {
    url: '',
    store,
    timers,
    ledger: new Ledger(dataDir && join(dataDir, 'ledger.ndjson')),
    snapshot: new Snapshot(dataDir && join(dataDir, 'state.json'), () => store.state()),
    deliveries: new Deliveries(timers),
    faults: new Faults(),
    limits: new RateLimits(),
    wire: new WireLog(),
  };
  const saved = world.snapshot.load();
  if (saved) store.load(saved);
  restoreFromLedger(world);
  for (const found of store.cases.values()) deliverLater(world, found);
  return world;
}

/** Empties the stand-in, including the ledger (`POST /control/reset`). */
export function resetWorld(world: World): void {
  world.timers.clear();
  world.store.clear();
  world.ledger.clear();
  world.deliveries.clear();
  world.faults.clear();
  world.limits.clear();
  world.wire.clear();
  world.snapshot.write();
}

export function closeWorld(world: World): void {
  world.timers.clear();
  world.deliveries.clear();
  world.snapshot.write();
  world.ledger.close();
}
