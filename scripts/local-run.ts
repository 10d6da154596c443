import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { claim, claimFrom } from './free-port.ts';

/** Why a local run cannot start, in a sentence that says what to do. No stack, because it is not a defect. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}

export const checkout = resolve(import.meta.dirname, '..');
export const dataFolder = join(checkout, '.data');

/** The addresses by which the walkthrough finds a running `npm start`. */
export interface Addresses {
  service: string;
  sandbox: string;
}

const addressFile = join(dataFolder, 'addresses.json');

/** The addresses of the present run, or of the last one. */
export function readAddresses(): Addresses {
  if (!existsSync(addressFile)) throw new CannotStart('Nothing has been started here yet: run "npm start" first.');
  return JSON.parse(readFileSync(addressFile, 'utf8')) as Addresses;
}

/** Writes down the addresses of this run. */
export function writeAddresses(addresses: Addresses): void {
  writeFileSync(addressFile, `${JSON.stringify(addresses)}\n`);
}

/** Creates `.data/`, which holds everything that outlives a run. */
export function prepareDataFolder(): void {
  try {
    mkdirSync(join(dataFolder, 'sandbox'), { recursive: true });
    accessSync(dataFolder, constants.W_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CannotStart(`${dataFolder} cannot be written (${why}): make it yours, or use a checkout that is.`);
  }
}

/** The key that seals secrets in the database. It is created once: without it saved credentials could not be opened again. */
export function credentialsKeys(): string {
  const file = join(dataFolder, 'credentials-keys');
  if (!existsSync(file)) writeFileSync(file, `local:${randomBytes(32).toString('base64')}`, { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

/** The port of one part of the run. A port in `variable` must be free; without one it is the first free one from `usual` on. */
export async function portFor(variable: 'PORT' | 'SANDBOX_PORT', usual: number): Promise<number> {
  const requested = process.env[variable];
  if (!requested) {
    const found = await claimFrom(usual);
    if (found !== null) return found;
    throw new CannotStart(`The ports from ${usual} on are taken: choose another one by ${variable}.`);
  }
  const port = Number(requested);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new CannotStart(`${variable} is "${requested}": it must be a whole number from 1 to 65535.`);
  }
  if (await claim(port)) return port;
  const other = port < 65_535 ? port + 1 : port - 1;
  throw new CannotStart(
    `Port ${port} is taken: stop what uses it, choose another one (${variable}=${other} npm start), or unset ${variable}.`,
  );
}

/** A build: its result, its source files and folders, and its command. */
interface Build {
  built: string;
  sources: string[];
  command: string[];
  folder: string;
}

const service: Build = {
  built: join(checkout, 'dist', 'main.js'),
  sources: ['src', '.swcrc'].map((name) => join(checkout, name)),
  command: [join(checkout, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build'],
  folder: checkout,
};

const web = join(checkout, 'web');
const consoleApp: Build = {
  built: join(web, 'dist', 'index.html'),
  sources: ['src', 'index.html', 'vite.config.ts', 'package.json', '../packages/client/src'].map((name) =>
    join(web, name),
  ),
  command: [join(checkout, 'node_modules', 'vite', 'bin', 'vite.js'), 'build'],
  folder: web,
};

const clientFolder = join(checkout, 'packages', 'client');
const client: Build = {
  built: join(clientFolder, 'dist', 'index.js'),
  sources: ['src', 'tsconfig.json', 'package.json'].map((name) => join(clientFolder, name)),
  command: [join(checkout, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.'],
  folder: clientFolder,
};

/** Compiles the service unless `dist/` is newer than all its sources. */
export const buildIfNeeded = (): void => buildUnlessFresh(service);

/** The same for the console, in `web/dist/`. */
export const buildConsoleIfNeeded = (): void => buildUnlessFresh(consoleApp);

/** The same for the client of `packages/`. */
export const buildClientIfNeeded = (): void => buildUnlessFresh(client);

function buildUnlessFresh({ built, sources, command, folder }: Build): void {
  if (existsSync(built) && statSync(built).mtimeMs > Math.max(...sources.map(newestIn))) return;
  // Always the production build, also for tests (NODE_ENV=test).
  const env = { ...process.env, NODE_ENV: 'production' };
  const run = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8', env });
  if (run.status !== 0)
    throw new CannotStart(`The build failed: ${reasonIn(run.stderr + run.stdout)} (see "npm run build").`);
}

/** When the latest of these files, or files in these folders, was changed. */
function newestIn(place: string): number {
  if (!statSync(place).isDirectory()) return statSync(place).mtimeMs;
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' });
  return Math.max(...files.map((file) => statSync(join(place, file)).mtimeMs));
}

export interface LocalDatabase {
  /** The owner's address, for migrations. */
  url: string;
  /** The address with the service's login role. */
  serviceUrl: string;
  server: EmbeddedPostgres;
}

/** Starts the embedded server and creates the service's database if it is missing. */
export async function startDatabase(): Promise<LocalDatabase> {
  const server = await startEmbeddedPostgres({ folder: join(dataFolder, 'postgres'), keep: true }).catch(
    (error: Error) => {
      throw new CannotStart(`${error.message} To start again, delete ${dataFolder}.`);
    },
  );
  const url = new URL(server.url);
  url.pathname = '/ats';
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  const found = await admin.query("SELECT 1 FROM pg_database WHERE datname = 'ats'");
  if (!found.rowCount) await admin.query('CREATE DATABASE ats');
  await admin.end();
  // For psql and "npm run migrate" beside a running start.
  writeFileSync(join(dataFolder, 'database-url'), `${url.href}\n`, { mode: 0o600 });
  const serviceUrl = new URL(url);
  Object.assign(serviceUrl, { username: 'ats_local_service', password: servicePassword() });
  return { url: url.href, serviceUrl: serviceUrl.href, server };
}

/** The password of the service's role, created once. The first migration creates the role with it. */
function servicePassword(): string {
  const file = join(dataFolder, 'service-password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

/** Runs one of the service's commands to its end and returns its output. */
export function command(
  name: string,
  args: string[],
  { url, serviceUrl }: Pick<LocalDatabase, 'url' | 'serviceUrl'>,
): string {
  const run = spawnSync(process.execPath, [join(checkout, 'dist', 'commands', `${name}.js`), ...args], {
    cwd: checkout,
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: serviceUrl, MIGRATION_DATABASE_URL: url },
  });
  if (run.status !== 0)
    throw new CannotStart(`${name} failed: ${reasonIn(run.stderr)} To start again, delete ${dataFolder}.`);
  return run.stdout;
}

/** The line of a program's error output that says why: the error's own message, not its stack. */
export function reasonIn(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const words = lines.filter((line) => line !== '' && !line.startsWith('Node.js v') && !line.startsWith('at '));
  return words.find((line) => /^(\w+ )?\w*Error\b.*: /.test(line)) ?? words.at(-1) ?? 'it says nothing';
}
