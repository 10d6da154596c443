import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, dataFolder } from '../../../scripts/local-run.ts';

export interface PreviousRelease {
  version: string;
  /** The full commit id in this repository. */
  commit: string;
  /** A built checkout with its own dependencies: `dist/main.js` runs as released. */
  folder: string;
}

/**
 * Builds the last release, which `.ci/last-release` names: source from this repository's history (no tag is needed), dependencies
 * from its lock file. The result is kept in the data folder, so that a second run needs no registry. The first run takes about a
 * minute. Throws the output of a failed step.
 */
export function previousRelease(): PreviousRelease {
  const [commit = '', version = ''] = readFileSync(join(checkout, '.ci', 'last-release'), 'utf8')
    .trim()
    .split(' ');
  const all = join(dataFolder, 'releases');
  const folder = join(all, `${version}-${commit.slice(0, 12)}`);
  if (existsSync(folder)) return { version, commit, folder };
  mkdirSync(all, { recursive: true });
  // Built in a draft folder: a killed or parallel run leaves nothing that looks complete.
  const draft = mkdtempSync(join(all, 'draft-'));
  try {
    take(commit, draft);
    install(draft);
    run(draft, process.execPath, [join(draft, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build']);
    moveInto(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return { version, commit, folder };
}

function take(commit: string, folder: string): void {
  const archive = join(folder, 'source.tar');
  try {
    run(checkout, 'git', ['archive', '--format=tar', `--output=${archive}`, commit]);
  } catch (error) {
    throw new Error(`The last release ${commit} is not in this clone: fetch its whole history.`, { cause: error });
  }
  run(folder, 'tar', ['-xf', archive]);
  rmSync(archive);
}

/** Runs no scripts of dependencies, as `.ci/run` does. The release's own PostgreSQL and Node.js are not needed. */
function install(folder: string): void {
  run(folder, 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** A parallel run may have been faster: its result is the same. */
function moveInto(draft: string, folder: string): void {
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

function run(cwd: string, program: string, args: string[]): void {
  // Without the variables that the test run sets.
  const { NODE_ENV: _env, NODE_OPTIONS: _options, ...env } = process.env;
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`${program} ${args[0]} failed: ${error?.message ?? (stderr || stdout).slice(-2_000)}`);
}
