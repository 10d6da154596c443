import { existsSync, readFileSync } from 'node:fs';
import type { SandboxCase, SandboxEvent, SandboxLedgerLine } from '../support/sandbox.ts';
import type { Harness } from './harness.ts';
import { canaryDomain, canaryName } from './harness-team.ts';

/** Everything that the invariant checker examines. */
export interface Evidence {
  /** From the file on disk, not from the stand-in's API. */
  ledger: SandboxLedgerLine[];
  orders: { id: string; state: string; case_id: string | null; email: string; waiting_for: string | null }[];
  checks: {
    id: string;
    status: string;
    case_id: string | null;
    case_revision: number;
    revision: number;
    failure_reason: string | null;
  }[];
  history: { check_id: string; revision: number; kind: string; from: string | null; to: string | null }[];
  /** Cases as the service last read them. */
  cases: {
    order_id: string;
    case_id: string;
    vendor_status: string;
    vendor_score: string | null;
    revision: number;
    linked_at: string;
  }[];
  inboundEvents: { event_id: string | null; case_id: string }[];
  /** The stand-in's own state. */
  vendorCases: SandboxCase[];
  vendorEvents: SandboxEvent[];
  /** Checks that were answered 201. */
  acknowledged: string[];
  /** Authentic webhook events that were answered 2xx, and when they were sent. */
  handedOver: { event: string; case: string; begun: string }[];
  /** Events that the test signed correctly, whatever the answer, and events that it forged. */
  authentic: string[];
  forged: string[];
  jobs: { deadLetters: string[]; overdue: string[]; waiting: string[] };
  connections: { openTransactions: string[]; count: number; allowed: number };
  logLines: string[];
  errorBodies: string[];
  /** Jobs in any state whose data or output contains a canary. */
  disclosingJobs: string[];
  /** Strings that no log line, error or job may contain. */
  canaries: string[];
}

/** Connections that each replica may have open: its pool, the queue's pool, the listeners. */
const connectionsPerReplica = 16 + 6 + 4;

export async function gather(harness: Harness): Promise<Evidence> {
  const { certn, record } = harness;
  const canaries = canariesOf(harness);
  const events = await certn.control.events();
  const deliveries = (await certn.control.deliveries()).filter(({ outcome }) => outcome === 'delivered');
  return {
    ledger: ledgerOf(harness.ledgerFile),
    orders: await harness.rows(`select id, state, case_id, email, waiting_for from integrations.order`),
    checks: await harness.rows(
      `select id, status, case_id, case_revision, revision, failure_reason from background_checks.background_check`,
    ),
    history: await harness.rows(
      `select check_id, revision, kind, "from", "to" from background_checks.history_entry order by check_id, revision`,
    ),
    cases: await harness.rows(
      `select order_id, case_id, vendor_status, vendor_score, revision, to_json(created_at)#>>'{}' as linked_at
       from integrations.vendor_case`,
    ),
    inboundEvents: await harness.rows(`select event_id, case_id from integrations.inbound_event`),
    vendorCases: await certn.control.cases(),
    vendorEvents: events,
    acknowledged: record.of('sent').map(({ check }) => String(check)),
    handedOver: [
      ...deliveries.map((one) => ({ event: one.event, case: one.case, begun: begunAt(one) })),
      ...record.of('notified').map((one) => ({
        event: String(one.event),
        case: String(one.case),
        begun: String(one.begun),
      })),
    ],
    authentic: record.of('notifying').map(({ event }) => String(event)),
    forged: record.of('forged').map(({ event }) => String(event)),
    jobs: await jobsOf(harness),
    connections: await connectionsOf(harness),
    logLines: harness.replicas.flatMap((replica) => replica.lines()),
    errorBodies: harness.errorBodies,
    disclosingJobs: await jobsWith(harness, canaries),
    canaries,
  };
}

/** An incomplete last line was never answered, so it is not an order. */
export function ledgerOf(file: string): SandboxLedgerLine[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as SandboxLedgerLine);
}

function begunAt(delivery: { time: string }): string {
  const { duration_ms = 0 } = delivery as { duration_ms?: number };
  return new Date(Date.parse(delivery.time) - duration_ms).toISOString();
}

async function jobsOf(harness: Harness): Promise<Evidence['jobs']> {
  const found = await harness.rows<{ kind: string; what: string }>(`
    select 'deadLetters' as kind, coalesce(data::text, '') as what from queue.job
      where name = 'dead-letters' and state in ('created', 'retry', 'active')
    union all
    select 'overdue', name || ' ' || id from queue.job
      where state = 'active' and started_on < now() - interval '180 seconds'
    union all
    select 'waiting', name || ' ' || state from queue.job
      where state in ('retry', 'active') or (state = 'created' and start_after < now() - interval '10 seconds')`);
  const of = (kind: string): string[] => found.filter((job) => job.kind === kind).map(({ what }) => what);
  return { deadLetters: of('deadLetters'), overdue: of('overdue'), waiting: of('waiting') };
}

async function jobsWith(harness: Harness, canaries: string[]): Promise<string[]> {
  const jobs = await harness.rows<{ text: string }>(
    `select text from (select concat_ws(' ', name, singleton_key, data::text, output::text) as text from queue.job) job
     where exists (select 1 from unnest($1::text[]) canary where strpos(text, canary) > 0) limit 5`,
    [canaries.filter((canary) => canary !== '')],
  );
  return jobs.map(({ text }) => text);
}

async function connectionsOf(harness: Harness): Promise<Evidence['connections']> {
  const open = await harness.rows<{ state: string | null; query: string; old: boolean }>(`
    select state, left(query, 80) as query, coalesce(xact_start < now() - interval '10 seconds', false) as old
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`);
  return {
    openTransactions: open.filter(({ old }) => old).map(({ query }) => query),
    count: open.length,
    allowed: harness.replicas.filter(({ running }) => running).length * connectionsPerReplica + 4,
  };
}

function canariesOf(harness: Harness): string[] {
  const secrets = harness.teams.flatMap(({ account }) => [
    ...account.api_keys.map(({ key }) => key),
    account.webhook_secret,
  ]);
  const tokens = harness.teams.map(({ admin }) => admin.token);
  return [...new Set([...secrets, ...tokens, `@${canaryDomain}`, canaryName])];
}
