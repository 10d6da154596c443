import { buildIfNeeded } from '../../scripts/local-run.ts';

/** Builds the service before the first harness copies it: harnesses that start in parallel must not overwrite each other's build. */
export default function setUp(): void {
  if (!process.env.FAULTS_SERVICE) buildIfNeeded();
}
