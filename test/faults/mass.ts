import { orderFaults } from './chaos.ts';
import { commitOf, jobDone, orderRequest } from './moments.ts';
import { Random } from './random.ts';
import type { Replica } from './replica.ts';
import type { Rig } from './harness.ts';
import type { Applicant, RigTeam } from './harness-team.ts';
import type { SoakFigures } from './soak-report.ts';

const atOnce = 24;
const perTeam = 500;

/**
 * Many orders, each met by one fault at Certn, some of them by a kill besides. Each team's orders are sent while its faults
 * last and are settled while the other teams have their turn, so that what is sent once more meets no second fault.
 */
export async function faultOrders(
  rig: Rig,
  seed: number,
  orders: number,
  killEverySeconds: number,
  say: (sentence: string) => void,
): Promise<SoakFigures> {
  const random = new Random(seed);
  const turns = Math.ceil(orders / perTeam);
  const teams: RigTeam[] = [];
  for (let i = 0; i < turns; i += 1) teams.push(await rig.team({ auto_deliver_ms: null }));
  // Proof of absence needs a case that must be visible.
  for (const team of teams) await team.reaches(await team.sendSurely(await team.applicant()), 'sent');
  const killing = new Killing(rig, random, killEverySeconds * 1_000);
  let people = teams[0]?.applicants(perTeam);
  for (const [i, team] of teams.entries()) {
    const applicants = (await people) ?? [];
    people = teams[i + 1]?.applicants(perTeam);
    await oneTurn(team, random, applicants);
    say(`${perTeam * (i + 1)} orders were sent and met their faults, ${killing.kills} kills`);
  }
  await killing.end();
  return { 'replicas killed': killing.kills };
}

async function oneTurn(team: RigTeam, random: Random, applicants: Applicant[]): Promise<void> {
  const faults = applicants.map(() => random.pick(orderFaults));
  // A long hang only costs time: past the time limit it says no more than a short one.
  for (const fault of faults) await team.fault(fault.kind, { ...fault, ms: Math.min(fault.ms ?? 900, 900) });
  const waiting = [...applicants];
  const sender = async (): Promise<void> => {
    for (let to = waiting.pop(); to; to = waiting.pop()) await team.sendSurely(to, 300_000);
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  const untried = `select 1 from integrations.vendor_order where team_id = $1 and attempt = 0`;
  await team.rig.until(
    'all were tried',
    () => team.rig.rows(untried, [team.teamId]),
    (rows) => rows.length === 0,
    600_000,
  );
  // Left over where a kill kept an order from Certn: what is sent once more is to meet no second fault.
  await team.rig.certn.control.clearFaults();
}

/** SIGKILL at the moments of an order, one every few seconds. */
class Killing {
  kills = 0;
  private going = true;
  private readonly loop: Promise<void>;

  constructor(rig: Rig, random: Random, everyMs: number) {
    this.loop = this.run(rig, random, everyMs);
  }

  async end(): Promise<void> {
    this.going = false;
    await this.loop;
  }

  private async run(rig: Rig, random: Random, everyMs: number): Promise<void> {
    const moments = [
      () => rig.holdAtCertn(orderRequest),
      () => rig.holdAtDatabase(commitOf(/insert into integrations\.case_directory/i)),
      () => rig.holdAtDatabase(jobDone('integrations.order-due')),
    ];
    while (this.going) {
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), 3_000));
      const held = await Promise.race([random.pick(moments)(), late]);
      if (!held) {
        rig.forgetHolds();
        continue;
      }
      await held.replica.kill();
      held[random.pick(['release', 'discard'] as const)]();
      this.kills += 1;
      await this.revive(rig, held.replica);
    }
  }

  /** As an orchestrator does: a start that fails is tried again, and noted. */
  private async revive(rig: Rig, replica: Replica): Promise<void> {
    while (!replica.running) {
      await replica
        .start()
        .catch((error: Error) => rig.record.note('start failed', { why: error.message.slice(0, 300) }));
    }
  }
}
