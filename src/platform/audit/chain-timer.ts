import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { acrossTeams, asTeam } from '../database/scope.js';
import { Ticker } from '../ticker.js';
import { AuditChain } from './audit-chain.js';

const everyMs = 5_000;
/** The longest that one tick works on a backlog; the next tick continues. A shutdown waits for it. */
const tickMs = 3_000;
const headsEveryMs = 24 * 3600 * 1000;
/** Heads in one line of the log. */
const headsPerLine = 100;

/** Chains new audit entries within seconds. Once a day it logs the head of each chain, as a copy outside the database. */
@Injectable()
export class ChainTimer extends Ticker {
  private readonly log = new Logger('audit');
  private headsDueAt = 0;
  /** The hash that was logged last, by team. */
  private readonly logged = new Map<string, string>();

  constructor(
    settings: Settings,
    private readonly chain: AuditChain,
  ) {
    super(settings, 'audit', everyMs);
  }

  protected async tick(): Promise<void> {
    const until = performance.now() + tickMs;
    let teams = await acrossTeams('scheduling', () => this.chain.behind());
    while (teams.length > 0) {
      const more: string[] = [];
      for (const teamId of teams) {
        if (performance.now() > until) break;
        // A team whose chain cannot go on does not stop the others.
        const extend = (): Promise<boolean> => asTeam(teamId, () => this.chain.extend(teamId));
        const goesOn = await this.recurring.run('audit.chain', extend, teamId);
        if (goesOn) more.push(teamId);
      }
      teams = performance.now() > until ? [] : more;
    }
    await this.logHeads();
  }

  private async logHeads(): Promise<void> {
    if (performance.now() < this.headsDueAt) return;
    const heads = await acrossTeams('scheduling', () => this.chain.heads());
    const moved = heads.filter(({ teamId, hash }) => this.logged.get(teamId) !== hash);
    for (let from = 0; from < moved.length; from += headsPerLine) {
      const some = moved.slice(from, from + headsPerLine);
      const lines = some.map(({ teamId, seq, hash }) => `${teamId}:${seq}:${hash}`);
      this.log.log({ heads: lines }, 'heads of the audit log: keep them, and give them to audit:verify --expect');
    }
    for (const { teamId, hash } of moved) this.logged.set(teamId, hash);
    this.headsDueAt = performance.now() + headsEveryMs;
  }
}
