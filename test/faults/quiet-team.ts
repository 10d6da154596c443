import { Agent } from 'node:http';
import { randomUUID } from 'node:crypto';
import { Caller } from './caller.ts';
import { webhookOf, sign } from './webhook-requests.ts';
import { webhookPath } from './signed-webhooks.ts';
import type { Harness } from './harness.ts';
import type { Applicant, HarnessTeam } from './harness-team.ts';
import { type Measured, measure, steadily } from './steadily.ts';

const listsPerSecond = 20;
const webhooksPerSecond = 18;
const sendsPerSecond = 2;
/** Enough people that none of them comes near the limit on requests. */
const people = 4;
const json = { 'content-type': 'application/json' };
/** Where its people and its notices come from, as the proxy in front would say it. */
const from = { 'x-forwarded-for': '192.0.2.10' };

export interface Served extends Measured {
  what: 'list' | 'notice' | 'send';
}

/** A team that does what customers do all day: it lists, sends checks and hears from Certn. */
export class QuietTeam {
  readonly caseId: string;
  private readonly harness: Harness;
  private readonly team: HarnessTeam;
  private readonly callers: Caller[];
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });
  private readonly waiting: Applicant[];
  private turn = 0;

  /** `sends`: how many checks it will send in all. */
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

  /** Its traffic for so many seconds, each request timed. */
  async lives(seconds: number): Promise<Served[]> {
    const served = await Promise.all([
      steadily(listsPerSecond, seconds, (i) => this.lists(i)),
      steadily(webhooksPerSecond, seconds, () => this.hears()),
      steadily(sendsPerSecond, seconds, () => this.sends()),
    ]);
    return served.flat();
  }

  close(): void {
    this.agent.destroy();
  }

  private async lists(i: number): Promise<Served> {
    const paths = ['/jobs', '/candidates?per_page=50', '/background_checks?per_page=50', '/applications?per_page=50'];
    return { what: 'list', ...(await this.asks(paths[i % paths.length] ?? '', {})) };
  }

  private async sends(): Promise<Served> {
    const applicant = this.waiting.pop();
    if (!applicant) throw new Error('Too few applicants were prepared.');
    const body = JSON.stringify({ job_stage_item_id: this.team.itemId });
    const path = `/applications/${applicant.applicationId}/background_checks`;
    return { what: 'send', ...(await this.asks(path, { method: 'POST', body, headers: json })) };
  }

  private async hears(): Promise<Served> {
    const body = webhookOf(this.caseId);
    const headers = { ...json, ...from, 'x-signature': sign(body, this.team.account.webhook_secret) };
    return {
      what: 'notice',
      ...(await measure(this.agent, `${this.door()}${webhookPath}`, { method: 'POST', body, headers })),
    };
  }

  private asks(
    path: string,
    options: { method?: string; body?: string; headers?: Record<string, string> },
  ): Promise<Measured> {
    const caller = this.callers[this.turn % this.callers.length];
    const headers = { ...from, authorization: `Bearer ${caller?.token}`, ...options.headers };
    return measure(this.agent, `${this.door()}/ats/v0${path}`, { ...options, headers });
  }

  /** Past the proxies, at each replica by turns. */
  private door(): string {
    return this.harness.replicas[(this.turn += 1) % this.harness.replicas.length]?.ownUrl ?? '';
  }
}
