import { PgBoss } from 'pg-boss';
import { type Received, verified, WebhookReceiver } from '../support/webhook-receiver.ts';
import type { Harness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';
import { quantile } from './measures.ts';
import { Random } from './random.ts';

export interface WebhookRunOptions {
  checks: number;
  /** Changes of checks in all. Each is committed with its job, as a change of the service is. */
  changes: number;
  /** Changes in one transaction; twenty transactions a second. */
  atOnce: number;
  /** How often a sender is killed, and how often the receiver. */
  kills: { senders: number; receiver: number };
  seed: number;
}

export interface WebhookRunFigures {
  changes: number;
  received: number;
  /** Checks whose last state did not arrive. */
  lost: string[];
  /** Checks of which an older state arrived after a newer one. */
  outOfOrder: string[];
  kills: number;
  /** From the commit of a change until the first receipt of that state or a newer one. */
  p50Ms: number;
  p99Ms: number;
}

const statuses = ['invited', 'opened', 'started', 'submitted', 'in_progress'];
const queue = 'background-checks.check-status-changed.v1/announce-change';
/** Between two transactions. */
const betweenMs = 50;
const pauseMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Many checks that change while senders and the receiver are killed. */
export class WebhookRun {
  readonly receiver = new WebhookReceiver();
  private readonly random: Random;
  private readonly boss: PgBoss;
  private readonly committedAt = new Map<string, number>();
  private readonly arrivedAt = new Map<string, number>();
  private readonly newest = new Map<string, number>();
  private readonly outOfOrder = new Set<string>();
  private checks: string[] = [];
  private endpointId = '';
  private secret = '';
  private received = 0;
  private readonly harness: Harness;
  private readonly team: HarnessTeam;
  private readonly options: WebhookRunOptions;

  constructor(harness: Harness, team: HarnessTeam, options: WebhookRunOptions) {
    this.harness = harness;
    this.team = team;
    this.options = options;
    this.random = new Random(options.seed);
    const { databaseUrl: connectionString } = harness;
    this.boss = new PgBoss({
      connectionString,
      schema: 'queue',
      migrate: false,
      supervise: false,
      schedule: false,
      max: 2,
    });
    this.boss.on('error', () => undefined);
  }

  async run(): Promise<WebhookRunFigures> {
    await this.prepare();
    try {
      await this.changeThroughKills();
      await this.harness.calm();
      await this.everythingArrived();
      return await this.figures();
    } finally {
      await this.team.admin.must('DELETE', `/webhook_endpoints/${this.endpointId}`);
      await this.boss.stop({ graceful: false });
      await this.receiver.stop();
    }
  }

  private async prepare(): Promise<void> {
    await this.boss.start();
    await this.receiver.start();
    this.receiver.answer = (response, received) => {
      this.take(received);
      response.writeHead(204).end();
    };
    const event_types = ['background_check.status_changed', 'background_check.completed'];
    const body = { url: `${this.receiver.url}/events`, event_types };
    const made = await this.team.admin.must<{ id: string; secret: string }>('POST', '/webhook_endpoints', body);
    [this.endpointId, this.secret] = [made.id, made.secret];
    const { id } = await this.team.invited();
    // Copies of one check, without its case, so that nothing but the run changes them.
    const copies = await this.harness.rows<{ id: string }>(
      `insert into background_checks.background_check
       select (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'holds_slot', false, 'case_id', null))).*
       from background_checks.background_check c, generate_series(1, $2) where c.id = $1 returning id`,
      [id, this.options.checks],
    );
    this.checks = copies.map((copy) => copy.id);
  }

  private take(received: Received): void {
    const { type, data } = verified(received, this.secret);
    const { id, revision = 0 } = data;
    this.received += 1;
    // Bodies are not kept: a run has a hundred thousand of them.
    this.receiver.received.length = 0;
    if (type !== 'background_check.status_changed' || !this.checks.includes(id)) return;
    const before = this.newest.get(id) ?? 0;
    if (revision < before) this.outOfOrder.add(id);
    for (let one = before + 1; one <= revision; one += 1) this.arrivedAt.set(`${id}/${one}`, Date.now());
    this.newest.set(id, Math.max(before, revision));
  }

  /** Kills spread over the changes: each happens while some are committed. */
  private async changeThroughKills(): Promise<void> {
    const { changes, kills } = this.options;
    const all = [
      ...Array.from({ length: kills.senders }, () => () => this.killSender()),
      ...Array.from({ length: kills.receiver }, () => () => this.killReceiver()),
    ].map((kill) => ({ kill, at: this.random.next() }));
    const order = all.sort((one, other) => one.at - other.at);
    const share = Math.ceil(changes / Math.max(1, order.length));
    for (let done = 0, nth = 0; done < changes; done += share, nth += 1)
      await Promise.all([this.changeSome(Math.min(share, changes - done)), order[nth]?.kill()]);
  }

  /** Changes checks in small transactions, each with its job. */
  private async changeSome(changes: number): Promise<void> {
    const { atOnce } = this.options;
    for (let done = 0; done < changes; done += atOnce) {
      const many = Math.min(atOnce, changes - done);
      const chosen = new Set<string>();
      while (chosen.size < Math.min(many, this.checks.length)) chosen.add(this.random.pick(this.checks));
      await this.change([...chosen], this.random.pick(statuses));
      await pauseMs(betweenMs);
    }
  }

  private async change(ids: string[], status: string): Promise<void> {
    const client = await this.harness.database.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<{ id: string; version: number }>(
        `update background_checks.background_check
         set version = version + 1, status = $2, status_changed_at = now(), updated_at = now()
         where id = any($1) returning id, version`,
        [ids, status],
      );
      const db = { executeSql: (text: string, values: unknown[]) => client.query(text, values) };
      const jobs = rows.map(({ id }) => ({ data: { teamId: this.team.teamId, checkId: id }, singletonKey: id }));
      await this.boss.insert(queue, jobs, { db });
      await client.query('commit');
      for (const { id, version } of rows) this.committedAt.set(`${id}/${version}`, Date.now());
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  private async killSender(): Promise<void> {
    const replica = this.random.pick(this.harness.replicas);
    if (!replica.running) return;
    await replica.kill();
    this.harness.record.note('killed', { replica: replica.name });
    await replica.start();
  }

  /** Its connections break in the middle, and nobody listens for a moment. */
  private async killReceiver(): Promise<void> {
    const port = Number(new URL(this.receiver.url).port);
    await this.receiver.stop();
    await pauseMs(200);
    await this.receiver.start(port);
    this.harness.record.note('killed', { receiver: true });
  }

  /** Times of retries are moved, as if they had come. */
  private async everythingArrived(): Promise<void> {
    await this.harness.until(
      'no event waits any more',
      async () => {
        await this.harness.rows(`update webhook_endpoints.stream set due_at = now() where lease is null returning 1`);
        const [waiting] = await this.harness.rows<{ n: number }>(
          `select (select count(*) from webhook_endpoints.stream)::int
                + (select count(*) from queue.job where name = $1 and state < 'completed')::int as n`,
          [queue],
        );
        return waiting?.n ?? -1;
      },
      (n) => n === 0,
      180_000 + this.options.changes * 10,
    );
  }

  private async figures(): Promise<WebhookRunFigures> {
    const rows = await this.harness.rows<{ id: string; version: number }>(
      'select id, version from background_checks.background_check where id = any($1)',
      [this.checks],
    );
    const changed = rows.filter(({ id, version }) => this.committedAt.has(`${id}/${version}`));
    const times = [...this.committedAt].flatMap(([key, at]) => {
      const arrived = this.arrivedAt.get(key);
      return arrived === undefined ? [] : [Math.max(0, arrived - at)];
    });
    const { senders, receiver } = this.options.kills;
    return {
      changes: this.committedAt.size,
      received: this.received,
      lost: changed.filter(({ id, version }) => (this.newest.get(id) ?? 0) < version).map(({ id }) => id),
      outOfOrder: [...this.outOfOrder],
      kills: senders + receiver,
      p50Ms: quantile(times, 0.5),
      p99Ms: quantile(times, 0.99),
    };
  }
}

/** A run of its own on a team of the harness. */
export const runWebhooks = (
  harness: Harness,
  team: HarnessTeam,
  options: WebhookRunOptions,
): Promise<WebhookRunFigures> => new WebhookRun(harness, team, options).run();
