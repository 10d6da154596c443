import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { harbour, larkspur, type DemoTeam } from './demo-data.ts';
import { enliven, fill, prepareAccount, registerWebhook, signIn } from './demo-load.ts';
import { GuardedProcess } from './guarded-process.ts';
import { Api, until } from './http.ts';
import {
  type Addresses,
  buildConsoleIfNeeded,
  buildIfNeeded,
  CannotStart,
  checkout,
  command,
  credentialsKeys,
  dataFolder,
  type LocalDatabase,
  portFor,
  reasonIn,
  prepareDataFolder,
  startDatabase,
  writeAddresses,
} from './local-run.ts';
import { Progress } from './progress.ts';
import { certnStandInProgram } from '../packages/testkit/src/index.ts';

const demoLoaded = join(dataFolder, 'demo-loaded');
const demoStateFile = join(dataFolder, 'demo-state.json');
const progress = new Progress();
/** `npm run dev`: a saved file of the service is compiled, and the service starts again. */
const watching = process.argv.includes('--watch');
/** In the order in which they start; they stop in the opposite order. */
const started: { stop(): Promise<void> }[] = [];
let stopping: Promise<void> | undefined;

async function start(): Promise<void> {
  prepareDataFolder();
  const ports = { service: await portFor('PORT', 3000), sandbox: await portFor('SANDBOX_PORT', 4010) };
  const addresses = {
    service: `http://localhost:${ports.service}`,
    sandbox: `http://127.0.0.1:${ports.sandbox}`,
  };
  await progress.step('building the service', async () => buildIfNeeded());
  await progress.step('building the console', async () => buildConsoleIfNeeded());
  const [database] = await Promise.all([
    progress.step('starting the database', startDatabaseServer),
    progress.step('starting the stand-in Certn', () => startSandbox(addresses)),
  ]);
  await progress.step('migrating', async () => command('migrate', [], database));
  if (!existsSync(demoLoaded)) noteDemo('preparing');
  await progress.step('starting the service', () => startService(addresses, ports.service, database.serviceUrl));
  writeAddresses(addresses);
  await progress.step('checking the demo data', () => demo(addresses, database));
  await welcome(addresses);
}

async function startDatabaseServer(): Promise<LocalDatabase> {
  const database = await startDatabase();
  const { server } = database;
  started.push(server);
  void server.ended.then(() => complain('The database'));
  return database;
}

async function startSandbox({ sandbox }: Addresses): Promise<void> {
  const env = {
    SANDBOX_HOST: '127.0.0.1',
    SANDBOX_PORT: new URL(sandbox).port,
    SANDBOX_DATA_DIR: join(dataFolder, 'sandbox'),
  };
  await run('The stand-in Certn', [certnStandInProgram], 'sandbox.log', env, `${sandbox}/control/accounts`);
}

async function startService({ service, sandbox }: Addresses, port: number, databaseUrl: string): Promise<void> {
  const env = {
    LOCAL_RUN: 'true',
    NODE_ENV: 'development',
    DATABASE_URL: databaseUrl,
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: service,
    CREDENTIALS_KEYS: credentialsKeys(),
    CERTN_BASE_URL: sandbox,
    DEMO_STATE_FILE: demoStateFile,
    // A receiver of webhooks that someone tries is on this machine.
    OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8,::1/128',
    // No load balancer needs time to notice.
    SHUTDOWN_DRAIN_SECONDS: '0',
  };
  const ready = `http://127.0.0.1:${port}/health/ready`;
  const program = watching
    ? ['node_modules/@nestjs/cli/bin/nest.js', 'start', '--watch', '--no-shell', '--exec', process.execPath]
    : ['--enable-source-maps', 'dist/main.js'];
  await run('The service', program, 'service.log', env, ready);
}

/** Starts one of our programs in a process of its own and waits until it answers. */
async function run(name: string, args: string[], log: string, env: NodeJS.ProcessEnv, ready: string): Promise<void> {
  const program = new GuardedProcess([process.execPath, ...args], {
    signal: 'TERM',
    log: join(dataFolder, log),
    cwd: checkout,
    env: { ...process.env, ...env },
  });
  started.push({ stop: () => program.stop(6000) });
  await until(
    `${name} answers`,
    async () => {
      if (!program.running) throw new CannotStart(`${name} does not start: ${reasonIn(program.output())}`);
      const answer = await fetch(ready).catch(() => undefined);
      return answer?.ok === true || undefined;
    },
    30_000,
  );
  void program.ended.then(() => complain(name));
}

function complain(name: string): void {
  if (!stopping) void quit(1, `${name} ended unexpectedly: its log is in ${dataFolder}.`);
}

/** Fills both teams once. After an interrupted start it continues where it stopped. */
async function demo(addresses: Addresses, database: LocalDatabase): Promise<void> {
  const report = (text: string): void => {
    progress.say(text);
    noteDemo(text);
  };
  for (const team of [harbour, larkspur]) {
    const account = await prepareAccount(addresses.sandbox, team);
    if (existsSync(demoLoaded)) {
      await registerWebhook(addresses.sandbox, account, webhookUrl(addresses));
      continue;
    }
    await foundTeam(addresses.service, team, database);
    const admin = await signIn(addresses.service, team.admin.email);
    await fill(admin, team, report);
    if (team === harbour) await enliven(admin, addresses.sandbox, account, report);
  }
  writeFileSync(demoLoaded, '');
  noteDemo(null);
}

/** The service reads this, and the sign-in page says that the demo is being loaded. null: it is loaded. */
function noteDemo(step: string | null): void {
  writeFileSync(`${demoStateFile}.new`, JSON.stringify({ loading: step !== null, step }));
  renameSync(`${demoStateFile}.new`, demoStateFile);
}

const webhookUrl = ({ service }: Addresses): string => `${service}/certn/certnWebhookHandler`;

async function foundTeam(service: string, team: DemoTeam, database: LocalDatabase): Promise<void> {
  const people = await new Api(service).get<{ email: string }[]>('/dev/users');
  if (people.some((person) => person.email === team.admin.email)) return;
  const { name, email } = team.admin;
  command('team-create', ['--name', team.name, '--admin-name', name, '--admin-email', email], database);
}

async function welcome(addresses: Addresses): Promise<void> {
  const account = await prepareAccount(addresses.sandbox, larkspur);
  console.log(`
Ready after ${progress.seconds()} s.

  The console        ${addresses.service}      (choose a person; the API is below /ats/v0)
  The stand-in Certn ${addresses.sandbox}      (cases and the candidate's mailbox; play the candidate and Certn)

  ${harbour.name} is connected and has checks in several statuses: sign in as ${harbour.admin.email}.
  ${larkspur.name} is not connected yet: sign in as ${larkspur.admin.email} and save
    API key              ${account.api_key}
    Webhook secret key   ${account.webhook_secret}
    Webhook URL          ${webhookUrl(addresses)}   (this goes into the stand-in's account)

  npm run walkthrough    does the whole set-up and a check from end to end, step by step
  curl -s ${addresses.service}/dev/users

Data and logs are in ${dataFolder}; the next start finds them again. Ctrl-C stops everything.
`);
}

/** Stops everything that was started, last first, and exits. */
function quit(code: number, reason?: string): Promise<void> {
  stopping ??= (async () => {
    progress.end();
    if (reason !== undefined) console.error(reason);
    for (const part of started.reverse()) await part.stop();
    process.exit(code);
  })();
  return stopping;
}

function explained(error: unknown): string {
  if (error instanceof CannotStart) return error.message;
  return `The start failed: ${error instanceof Error ? error.message : String(error)} (logs are in ${dataFolder})`;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void quit(0));
// npm does not pass on every signal, so this process also ends when npm is gone.
const parent = process.ppid;
setInterval(() => void (process.ppid === parent || quit(0)), 1000).unref();

await start().catch((error: unknown) => (stopping ? undefined : quit(1, explained(error))));
