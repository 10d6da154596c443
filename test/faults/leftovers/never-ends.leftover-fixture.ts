import { writeFileSync } from 'node:fs';
import { Sandbox, startSandbox } from '../../support/sandbox.ts';
import { startHarness } from '../harness.ts';

/** For `leftovers.fault-spec`: a test that runs with every process of a harness until jest is ended. */
describe('a suite that never ends', () => {
  it(
    'waits',
    async () => {
      await startHarness();
      const sandbox: Sandbox = await startSandbox();
      writeFileSync(process.env.LEFTOVERS ?? '', sandbox.url);
      await new Promise(() => undefined);
    },
    Number(process.env.LEFTOVERS_TIMEOUT),
  );
});
