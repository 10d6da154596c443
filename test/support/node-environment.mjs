import { TestEnvironment } from 'jest-environment-node';

/**
 * Node's own environment. A worker whose run was ended without a word (SIGTERM or SIGKILL of jest itself) would go on by
 * itself, and with it all that its tests started: it ends when it is alone. Here, because tests see a copy of `process`.
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
