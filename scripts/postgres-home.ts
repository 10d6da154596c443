import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** The operating system user PostgreSQL runs as; undefined: the user of this process. */
export interface SystemUser {
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root. Root starts it as another user: the owner of an existing cluster, otherwise `postgres`, which
 * is created if necessary, otherwise `nobody`.
 */
export function postgresUser(cluster: string): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const user = ownerOf(cluster) ?? lookUp('postgres') ?? create('postgres') ?? lookUp('nobody');
  if (!user)
    throw new Error('PostgreSQL does not run as root and no other user could be made: create a user "postgres".');
  return user;
}

function ownerOf(cluster: string): SystemUser | undefined {
  if (!existsSync(cluster)) return undefined;
  const { uid, gid } = statSync(cluster);
  return uid === 0 ? undefined : { uid, gid };
}

function lookUp(name: string): SystemUser | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

function create(name: string): SystemUser | undefined {
  const made =
    spawnSync('useradd', ['--system', '--user-group', '--no-create-home', name]).status === 0 ||
    spawnSync('adduser', ['-S', '-D', '-H', name]).status === 0;
  return made ? lookUp(name) : undefined;
}

/** The folder of PostgreSQL's programs. They are copied out of the checkout when PostgreSQL's user cannot read them there. */
export function reachablePrograms(native: string, user: SystemUser | undefined): string {
  if (runs(native, user)) return native;
  const copy = join(shelter(versionOf(native)), 'programs');
  if (runs(copy, user)) return copy;
  const fresh = `${copy}.${process.pid}`;
  cpSync(native, fresh, { recursive: true, verbatimSymlinks: true });
  openToAll(fresh);
  // Another checkout that starts at the same time may already have made the copy and be running it.
  if (runs(copy, user)) {
    rmSync(fresh, { recursive: true, force: true });
    return copy;
  }
  rmSync(copy, { recursive: true, force: true });
  renameSync(fresh, copy);
  if (!runs(copy, user))
    throw new Error(`PostgreSQL's programs do not run on this machine, neither in ${native} nor in ${copy}.`);
  return copy;
}

/** All checkouts on a machine share one copy. */
function versionOf(native: string): string {
  const { name, version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  return `${name}@${version}`;
}

function runs(programs: string, user: SystemUser | undefined): boolean {
  return spawnSync(join(programs, 'bin', 'postgres'), ['--version'], { ...user, cwd: '/' }).status === 0;
}

/** With a umask of 077 at install time only root can read the files. */
function openToAll(folder: string): void {
  spawnSync('chmod', ['-R', 'a+rX', folder]);
}

/**
 * Makes sure that `wanted` is, or links to, a folder whose parent PostgreSQL's user can enter. In a checkout that only root can
 * enter it becomes a link to a folder outside. Returns the real folder.
 */
export function reachableFolder(wanted: string, user: SystemUser | undefined): string {
  const folder = resolve(wanted);
  mkdirSync(dirname(folder), { recursive: true });
  if (user === undefined || entered(dirname(folder), user)) return folder;
  const outside = join(shelter(folder), 'cluster');
  if (!existsSync(folder)) {
    // A user who deletes `.data/` wants to start again, wherever the cluster really was.
    for (const old of [folder, outside]) rmSync(old, { recursive: true, force: true });
    symlinkSync(outside, folder);
  }
  return outside;
}

function entered(folder: string, user: SystemUser): boolean {
  return spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', folder], { ...user, cwd: '/' }).status === 0;
}

/** One folder outside for each path, so that two checkouts on a machine do not share one. */
function shelter(what: string): string {
  const name = createHash('sha256').update(what).digest('hex').slice(0, 12);
  for (const base of ['/var/lib', tmpdir()]) {
    const folder = join(base, 'ats-background-checks', name);
    try {
      mkdirSync(folder, { recursive: true });
      // A folder of another user in the shared temporary folder could hold that user's programs.
      if (statSync(folder).uid !== process.getuid?.()) continue;
      chmodSync(dirname(folder), 0o755);
      chmodSync(folder, 0o755);
      return folder;
    } catch {
      continue;
    }
  }
  throw new Error(`PostgreSQL's user cannot enter this checkout, and neither /var/lib nor ${tmpdir()} can be written.`);
}

/** An empty folder that belongs to PostgreSQL's user. */
export function emptyFolderFor(user: SystemUser | undefined, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user) chownSync(folder, user.uid, user.gid);
}
