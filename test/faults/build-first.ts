import { buildIfNeeded } from '../../scripts/local-run.ts';

/** The service is built before the first rig copies it: rigs that start side by side must not build over each other. */
export default function setUp(): void {
  if (!process.env.FAULTS_SERVICE) buildIfNeeded();
}
