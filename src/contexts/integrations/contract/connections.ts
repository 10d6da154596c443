/** Query: the state of a team's connection to a vendor. `action_required`: the vendor rejects our calls and a person must act. */
export class GetConnectionState {
  constructor(
    readonly teamId: string,
    readonly vendor: string,
  ) {}
}
export interface ConnectionStateFacts {
  state: 'not_connected' | 'enabled' | 'action_required' | 'disabled';
  environment: 'production' | 'sandbox' | null;
}

/** Query: one package, from a list at most a minute old if possible; null: not in the account. Throws `vendor_unreachable`. */
export class FindPackage {
  constructor(
    readonly teamId: string,
    readonly vendor: string,
    readonly packageId: string,
  ) {}
}
export interface PackageFacts {
  id: string;
  name: string;
  active: boolean;
}

/**
 * Query that integrations asks and another context answers: the ids (`string[]`) of packages of a vendor that a team's plans name. No
 * answer means that none is in use.
 */
export class PackagesInUse {
  constructor(
    readonly teamId: string,
    readonly vendor: string,
  ) {}
}

/**
 * SQL view for other contexts' `views/`: `integrations.pub_package (team_id, id, name, active, vendor)`, the last known list of
 * each vendor. An id is unique within its vendor.
 */
export const packageView = 'integrations.pub_package';
