import type { Random } from './random.ts';
import type { Harness } from './harness.ts';
import type { Applicant, HarnessTeam } from './harness-team.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Random actions of recruiters, candidates and Certn's staff, reproducible by the seed. */
export class SoakLoad {
  sent = 0;
  private readonly harness: Harness;
  private readonly random: Random;
  private readonly waiting: { team: HarnessTeam; to: Applicant }[] = [];
  private readonly sending = new Set<Promise<void>>();
  private readonly checks: { team: HarnessTeam; id: string }[] = [];

  constructor(harness: Harness, random: Random) {
    this.harness = harness;
    this.random = random;
  }

  async prepare(perTeam: number): Promise<void> {
    for (const team of this.harness.teams) {
      const applicants = await team.applicants(perTeam);
      this.waiting.push(...applicants.map((to) => ({ team, to })));
    }
    for (let i = this.waiting.length - 1; i > 0; i -= 1) {
      const j = this.random.between(0, i);
      [this.waiting[i], this.waiting[j]] = [this.waiting[j] as never, this.waiting[i] as never];
    }
  }

  /** Sends at a steady rate until `end`. Cases move on, and users cancel and refresh. */
  async until(end: number, perSecond: number): Promise<void> {
    await Promise.all([this.sendChecks(end, perSecond), this.moveCases(end), this.cancelAndRefresh(end)]);
    await Promise.all(this.sending);
  }

  private async sendChecks(end: number, perSecond: number): Promise<void> {
    while (Date.now() < end) {
      const next = this.sending.size < 200 ? this.waiting.pop() : undefined;
      if (next) this.sendInTheBackground(next.team, next.to);
      await pause(1_000 / perSecond);
    }
  }

  private sendInTheBackground(team: HarnessTeam, to: Applicant): void {
    this.sent += 1;
    const sending = team.sendSurely(to, 240_000).then(
      (id) => void this.checks.push({ team, id }),
      (error: unknown) => this.harness.record.note('send failed', { email: to.email, why: String(error) }),
    );
    this.sending.add(sending);
    void sending.finally(() => this.sending.delete(sending));
  }

  /** Moves the stand-in's cases. The stand-in refuses illegal moves, which does no harm. */
  private async moveCases(end: number): Promise<void> {
    const actions = [
      'open',
      'start',
      'submit',
      'progress',
      'complete',
      'complete',
      'candidate_action',
      'decline',
      'expire',
    ];
    while (Date.now() < end) {
      const team = this.random.pick(this.harness.teams);
      const cases = await this.harness.certn.control.cases({ account: team.account.id, limit: 40 }).catch(() => []);
      for (let i = 0; i < 6 && cases.length > 0; i += 1) {
        const { id, possible_actions } = this.random.pick(cases);
        const possible = actions.filter((action) => possible_actions.includes(action));
        if (possible.length > 0)
          await this.harness.certn.control.act(id, this.random.pick(possible)).catch(() => undefined);
      }
      await pause(150);
    }
  }

  /** Cancels and refreshes checks. Every answer is acceptable and only recorded. */
  private async cancelAndRefresh(end: number): Promise<void> {
    while (Date.now() < end) {
      await pause(this.random.between(300, 1_500));
      if (this.checks.length === 0) continue;
      const { team, id } = this.random.pick(this.checks.slice(-60));
      const action = this.random.chance(0.3) ? 'cancel' : 'refresh';
      const answer = await team.admin
        .call('POST', `/background_checks/${id}/${action}`, undefined, {}, 10_000)
        .catch(() => null);
      if (answer) this.harness.noteError(answer);
      this.harness.record.note(action, { check: id, status: answer?.status ?? 0 });
    }
  }
}
