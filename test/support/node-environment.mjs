import { TestEnvironment } from 'jest-environment-node';

/**
 * Node's own environment. After a SIGTERM or SIGKILL of jest, its workers would continue, and so would everything that their
 * tests started. A worker therefore ends when its parent is gone. This is done here because tests see a copy of `process`.
 */
let heeding = false;

export default class extends TestEnvironment {
  constructor(...given) {
    super(...given);
    if (heeding || !process.send) return;
    heeding = true;
    process.once('disconnect', () => process.exit(1));
  }

  async handleTestEvent({ name }) {
    if (name === 'run_finish') await this.global.endOwnProcesses?.();
  }
}
