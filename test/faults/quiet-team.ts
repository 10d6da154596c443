import { Agent } from 'node:http';
import { randomUUID } from 'node:crypto';
import { Caller } from './caller.ts';
import { sign, webhookOf, webhookPath } from './signed-webhooks.ts';
import type { Harness } from './harness.ts';
import type { Applicant, HarnessTeam } from './harness-team.ts';
import { type Measured, measure, steadily } from './steady-load.ts';

const listsPerSecond = 20;
const webhooksPerSecond = 18;
const sendsPerSecond = 2;
/** Enough users that none comes near the request limit. */
const people = 4;
const json = { 'content-type': 'application/json' };
/** The source address of its users and webhook events, as the proxy in front would set it. */
const from = { 'x-forwarded-for': '192.0.2.10' };

export interface Served extends Measured {
  what: 'list' | 'webhook event' | 'send';
}

/** A team with ordinary traffic: it reads lists, sends checks and receives webhook events. */
export class QuietTeam {
  readonly caseId: string;
  private readonly harness: Harness;
  private readonly team: HarnessTeam;
  private readonly callers: Caller[];
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });
  private readonly waiting: Applicant[];
  private turn = 0;

  /** `sends`: the number of checks that it will send. */
  static async start(harness: Harness, sends: number): Promise<QuietTeam> {
    const team = await harness.team();
    const { caseId } = await team.invited();
    const callers: Caller[] = [];
    for (let i = 0; i < people; i += 1) {
      const user = { name: `Quiet ${i}`, email: `q-${randomUUID()}@canary.example`, access_level: 'standard' };
      const { id } = await team.admin.must<{ id: string }>('POST', '/users', user);
      callers.push(await Caller.signIn(harness.front.url, id));
    }
    return new QuietTeam(harness, team, caseId, callers, await team.applicants(sends));
  }

  private constructor(harness: Harness, team: HarnessTeam, caseId: string, callers: Caller[], waiting: Applicant[]) {
    this.harness = harness;
    this.team = team;
    this.caseId = caseId;
    this.callers = callers;
    this.waiting = waiting;
  }

  /** Its traffic for this many seconds, each request timed. */
  async runTraffic(seconds: number): Promise<Served[]> {
    const served = await Promise.all([
      steadily(listsPerSecond, seconds, (i) => this.readList(i)),
      steadily(webhooksPerSecond, seconds, () => this.receiveWebhook()),
      steadily(sendsPerSecond, seconds, () => this.sendCheck()),
    ]);
    return served.flat();
  }

  close(): void {
    this.agent.destroy();
  }

  private async readList(i: number): Promise<Served> {
    const paths = ['/jobs', '/candidates?per_page=50', '/background_checks?per_page=50', '/applications?per_page=50'];
    return { what: 'list', ...(await this.request(paths[i % paths.length] ?? '', {})) };
  }

  private async sendCheck(): Promise<Served> {
    const applicant = this.waiting.pop();
    if (!applicant) throw new Error('Too few applicants were prepared.');
    const body = JSON.stringify({ job_stage_item_id: this.team.itemId });
    const path = `/applications/${applicant.applicationId}/background_checks`;
    return { what: 'send', ...(await this.request(path, { method: 'POST', body, headers: json })) };
  }

  private async receiveWebhook(): Promise<Served> {
    const body = webhookOf(this.caseId);
    const headers = { ...json, ...from, 'x-signature': sign(body, this.team.account.webhook_secret) };
    return {
      what: 'webhook event',
      ...(await measure(this.agent, `${this.nextUrl()}${webhookPath}`, { method: 'POST', body, headers })),
    };
  }

  private request(
    path: string,
    options: { method?: string; body?: string; headers?: Record<string, string> },
  ): Promise<Measured> {
    const caller = this.callers[this.turn % this.callers.length];
    const headers = { ...from, authorization: `Bearer ${caller?.token}`, ...options.headers };
    return measure(this.agent, `${this.nextUrl()}/ats/v0${path}`, { ...options, headers });
  }

  /** The URL of the next replica, bypassing its proxy. */
  private nextUrl(): string {
    return this.harness.replicas[(this.turn += 1) % this.harness.replicas.length]?.ownUrl ?? '';
  }
}
