import { theQuestionIsCheap } from './bench-claim.ts';
import { aFloodHarmsNobody } from './bench-flood.ts';
import { signaturesTellNothing } from './bench-signatures.ts';
import { perSide, theWallIsCheap } from './bench-wall.ts';
import { startHarness } from './harness.ts';

/**
 * What only a quiet machine can measure: `npm run bench -- signatures` (A8), `npm run bench -- flood` (A21), `npm run bench
 * -- wall`, `npm run bench -- claim`. One replica or, to compare, two, past their proxies. Prints figures; ends with 1 when an aim is missed.
 */
const benches = {
  signatures: signaturesTellNothing,
  flood: aFloodHarmsNobody,
  wall: theWallIsCheap,
  claim: theQuestionIsCheap,
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
