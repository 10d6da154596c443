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
    const end = () => process.exit(1);
    process.once('disconnect', end);
    // A listener keeps the channel open, and with it the worker. When jest stops listening, the worker has done all its work.
    process.on('removeListener', (event) => {
      if (event === 'message' && process.listenerCount('message') === 0) process.removeListener('disconnect', end);
    });
  }

  async handleTestEvent({ name }) {
    if (name === 'run_finish') await this.global.endOwnProcesses?.();
  }
}
