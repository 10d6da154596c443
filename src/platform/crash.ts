import { writeSync } from 'node:fs';
import { describeError, placesOf } from './describe-error.js';

/**
 * What nobody caught leaves a process in a state that nobody knows. It says once what it was, and ends for its orchestrator
 * to start another: whatever it was doing is taken up elsewhere, as after a kill.
 */
export function endOnCrash(): void {
  const end = (error: unknown): never => {
    const line = { level: 60, time: Date.now(), context: 'process', at: placesOf(error), msg: describeError(error) };
    try {
      writeSync(process.stderr.fd, `${JSON.stringify(line)}\n`);
    } catch {
      // Nobody reads what it says; ending matters more.
    }
    process.exit(70);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
