import { orderFaults } from './chaos.ts';
import { commitOf, jobDone, orderRequest } from './moments.ts';
import { Random } from './random.ts';
import type { Replica } from './replica.ts';
import type { Harness } from './harness.ts';
import type { Applicant, HarnessTeam } from './harness-team.ts';
import type { SoakFigures } from './soak-report.ts';

const atOnce = 8;
const teamsAtOnce = 3;
/** At the default of 20 resends an hour for each account, more orders of one account would wait for the next hours. */
const perTeam = 50;

/**
 * Sends many orders. Each meets one fault at Certn, and some also a kill. A team's orders are sent while its faults last and are
 * reconciled while the other teams send, so that a second sending meets no second fault.
 */
export async function faultOrders(
  harness: Harness,
  seed: number,
  orders: number,
  killEverySeconds: number,
  print: (sentence: string) => void,
): Promise<SoakFigures> {
  const random = new Random(seed);
  const turns = Math.ceil(orders / perTeam);
  const teams: HarnessTeam[] = [];
  for (let i = 0; i < turns; i += 1) teams.push(await harness.team({ auto_deliver_ms: null }));
  // Proof of absence needs a sentinel case, which the list must show.
  for (const team of teams) await team.reaches(await team.sendSurely(await team.applicant()), 'sent');
  const killer = new Killer(harness, random, killEverySeconds * 1_000);
  const waiting = [...teams];
  const sendOfTeams = async (): Promise<void> => {
    for (let team = waiting.shift(); team; team = waiting.shift()) {
      await sendFaulted(team, random, await team.applicants(perTeam));
      const done = teams.length - waiting.length;
      if (done % 10 === 0)
        print(`about ${perTeam * done} orders were sent and met their faults, ${killer.kills} kills`);
    }
  };
  await Promise.all(Array.from({ length: teamsAtOnce }, sendOfTeams));
  await killer.end();
  return { 'replicas killed': killer.kills };
}

async function sendFaulted(team: HarnessTeam, random: Random, applicants: Applicant[]): Promise<void> {
  const faults = applicants.map(() => random.pick(orderFaults));
  // Long hangs and pauses only cost time: a hang just past the time limit tests the same.
  for (const fault of faults)
    await team.fault(fault.kind, { ...fault, ms: Math.min(fault.ms ?? 900, 900), ...shortPause(fault.kind) });
  const waiting = [...applicants];
  const sender = async (): Promise<void> => {
    for (let to = waiting.pop(); to; to = waiting.pop()) await team.sendSurely(to, 300_000);
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  const closedBreaker = `select 1 from integrations.order where team_id = $1 and attempt = 0`;
  await team.harness.until(
    'all were tried',
    () => team.harness.rows(closedBreaker, [team.teamId]),
    (rows) => rows.length === 0,
    600_000,
  );
  // A fault remains when a kill kept its order from Certn. A second sending must not meet it.
  await team.harness.certn.control.clearFaults();
}

/** All calls for an account pause when Certn asks for it, for a minute if it names no time. */
const shortPause = (kind: string): { retry_after?: number } => (kind.startsWith('throttle') ? { retry_after: 1 } : {});

/** Kills a replica at a random moment of an order every `everyMs`. */
class Killer {
  kills = 0;
  private going = true;
  private readonly loop: Promise<void>;

  constructor(harness: Harness, random: Random, everyMs: number) {
    this.loop = this.run(harness, random, everyMs);
  }

  async end(): Promise<void> {
    this.going = false;
    await this.loop;
  }

  private async run(harness: Harness, random: Random, everyMs: number): Promise<void> {
    const moments = [
      () => harness.holdAtCertn(orderRequest),
      () => harness.holdAtDatabase(commitOf(/insert into integrations\.case_directory/i)),
      () => harness.holdAtDatabase(jobDone('integrations.order-due')),
    ];
    while (this.going) {
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), 3_000));
      const held = await Promise.race([random.pick(moments)(), late]);
      if (!held) {
        harness.cancelHolds();
        continue;
      }
      await held.replica.kill();
      held[random.pick(['release', 'discard'] as const)]();
      this.kills += 1;
      await this.revive(harness, held.replica);
    }
  }

  /** Starts the replica until it runs, as an orchestrator does. Failed starts are recorded. */
  private async revive(harness: Harness, replica: Replica): Promise<void> {
    while (!replica.running) {
      await replica
        .start()
        .catch((error: Error) => harness.record.note('start failed', { why: error.message.slice(0, 300) }));
    }
  }
}
