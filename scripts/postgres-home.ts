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

/** The operating system user PostgreSQL runs as; undefined means: the one who started us. */
export interface SystemUser {
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root, so root lends it another user: the owner of what is already there, else `postgres`,
 * made if need be, else `nobody`.
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

/** The folder of PostgreSQL's programs, copied out of the checkout when its user cannot get at them there. */
export function reachablePrograms(native: string, user: SystemUser | undefined): string {
  if (runs(native, user)) return native;
  const copy = join(shelter(versionOf(native)), 'programs');
  if (runs(copy, user)) return copy;
  const fresh = `${copy}.${process.pid}`;
  cpSync(native, fresh, { recursive: true, verbatimSymlinks: true });
  openToAll(fresh);
  // Another checkout that starts at the same time may have made it meanwhile, and run it already.
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

/** One copy serves all checkouts on a machine. */
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

/** A umask of 077 at install time leaves files that only root can read. */
function openToAll(folder: string): void {
  spawnSync('chmod', ['-R', 'a+rX', folder]);
}

/**
 * Makes sure that `wanted` is, or leads to, a folder whose parent PostgreSQL's user can enter.
 * In a checkout that only root may enter it becomes a link to one outside. Answers the real folder.
 */
export function reachableFolder(wanted: string, user: SystemUser | undefined): string {
  const folder = resolve(wanted);
  mkdirSync(dirname(folder), { recursive: true });
  if (user === undefined || entered(dirname(folder), user)) return folder;
  const outside = join(shelter(folder), 'cluster');
  if (!existsSync(folder)) {
    // Whoever deletes `.data/` wants to begin anew, wherever the cluster really was.
    for (const old of [folder, outside]) rmSync(old, { recursive: true, force: true });
    symlinkSync(outside, folder);
  }
  return outside;
}

function entered(folder: string, user: SystemUser): boolean {
  return spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', folder], { ...user, cwd: '/' }).status === 0;
}

/** One folder per thing that needs shelter, so that two checkouts on a machine do not meet. */
function shelter(what: string): string {
  const name = createHash('sha256').update(what).digest('hex').slice(0, 12);
  for (const base of ['/var/lib', tmpdir()]) {
    const folder = join(base, 'ats-background-checks', name);
    try {
      mkdirSync(folder, { recursive: true });
      // Somebody else's folder in the common temporary one could hold somebody else's programs.
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
