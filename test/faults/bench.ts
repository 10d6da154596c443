import { measureClaim } from './bench-claim.ts';
import { measureFlood } from './bench-flood.ts';
import { measureSignatureTiming } from './bench-signatures.ts';
import { perSide, measureRowSecurity } from './bench-row-security.ts';
import { startHarness } from './harness.ts';

/**
 * Measurements that need an otherwise idle machine: `npm run bench -- signatures` (A8), `npm run bench -- flood` (A21),
 * `npm run bench -- wall` (row level security), `npm run bench -- claim`. They bypass the proxies, print figures, and exit with 1
 * when a limit is exceeded.
 */
const benches = {
  signatures: measureSignatureTiming,
  flood: measureFlood,
  wall: measureRowSecurity,
  claim: measureClaim,
};
const name = process.argv[2] ?? '';
if (!Object.hasOwn(benches, name)) {
  process.stderr.write(`Say which: ${Object.keys(benches).join(', ')}\n`);
  process.exit(2);
}
const harness = await startHarness({ replicas: name === 'wall' ? 2 * perSide : 1, env: { LOG_LEVEL: 'warn' } });
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void harness.close().then(() => process.exit(1)));
try {
  const figures = await benches[name as keyof typeof benches](harness, await harness.team());
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  if (figures.met !== true) process.exitCode = 1;
} finally {
  await harness.close();
}
