import { writeSync } from 'node:fs';
import { describeError, placesOf } from './describe-error.js';

/**
 * An uncaught error leaves the process in an unknown state. The process logs the error once and exits, so that its orchestrator
 * starts another. Other replicas take over its work, as after a kill.
 */
export function endOnCrash(): void {
  const end = (error: unknown): never => {
    const line = { level: 60, time: Date.now(), context: 'process', at: placesOf(error), msg: describeError(error) };
    try {
      writeSync(process.stderr.fd, `${JSON.stringify(line)}\n`);
    } catch {
      // The log cannot be written. Exiting matters more.
    }
    process.exit(70);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
