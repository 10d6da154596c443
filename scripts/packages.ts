import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from './local-run.ts';

/** Builds and packs each package as it would be published, and asks judges of others: publint, and "are the types wrong". */
const folder = join(checkout, 'packages');
const bin = join(checkout, 'node_modules', '.bin');
const packed = mkdtempSync(join(tmpdir(), 'packages-'));

function run(command: string, args: string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} in ${cwd}:\n${stdout}${stderr}`);
}

try {
  for (const name of readdirSync(folder)) {
    const cwd = join(folder, name);
    run('npm', ['run', '--silent', 'build'], cwd);
    run('npm', ['pack', '--ignore-scripts', '--pack-destination', packed], cwd);
  }
  for (const archive of readdirSync(packed)) {
    run(join(bin, 'publint'), ['run', archive, '--strict'], packed);
    // Only ES modules are published: `require` of one works from Node.js 22 on.
    run(join(bin, 'attw'), [archive, '--profile', 'esm-only'], packed);
    console.log(`${archive}: nothing found`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(packed, { recursive: true });
}
