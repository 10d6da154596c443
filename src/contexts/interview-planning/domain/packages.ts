import { integrationNotEnabled, packageUnavailable } from './errors.js';
import type { ChosenPackage } from './activity-kind.js';

/** The packages of the team's account at a vendor. May call the vendor, so never inside a unit of work. */
export abstract class Packages {
  /** null: not in the account. */
  abstract find(
    teamId: string,
    vendor: string,
    packageId: string,
  ): Promise<(ChosenPackage & { active: boolean }) | null>;
}

/** A vendor that carries out background checks. */
export interface PlanVendor {
  readonly id: string;
  readonly name: string;
  /** What "Add activity" calls a check of it. */
  readonly activityLabel: string;
  /** The display name of such an activity. */
  readonly activityName: string;
}

/** The vendors of this release, in the order of the screens. */
export abstract class PlanVendors {
  abstract all(): Promise<readonly PlanVendor[]>;
}

export abstract class ConnectionState {
  /** Whether plans may hold background checks of this vendor. A connection in the state `action_required` still counts. */
  abstract isConnected(teamId: string, vendor: string): Promise<boolean>;
}

/** The rule for every activity that sends checks: the team is connected to its vendor, and the package can be ordered there. */
export async function choosePackage(
  connection: ConnectionState,
  packages: Packages,
  teamId: string,
  { id: vendor, name }: Pick<PlanVendor, 'id' | 'name'>,
  packageId: string,
): Promise<ChosenPackage> {
  if (!(await connection.isConnected(teamId, vendor))) throw integrationNotEnabled(name);
  const found = await packages.find(teamId, vendor, packageId);
  if (!found?.active) throw packageUnavailable(name);
  return { id: found.id, name: found.name };
}
