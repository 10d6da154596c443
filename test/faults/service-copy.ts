import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfNeeded, checkout } from '../../scripts/local-run.ts';

/**
 * Copies the built service, so that a build during a long run changes nothing. Returns the copy's folder. FAULTS_SERVICE names a
 * built checkout to test instead of this one.
 */
export function copyOfTheService(parent: string): string {
  const built = process.env.FAULTS_SERVICE ?? checkout;
  if (built === checkout) buildIfNeeded();
  const copy = join(parent, 'service');
  mkdirSync(copy, { recursive: true });
  cpSync(join(built, 'dist'), join(copy, 'dist'), { recursive: true });
  for (const file of ['package.json', 'openapi.json']) cpSync(join(built, file), join(copy, file));
  symlinkSync(join(checkout, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}
