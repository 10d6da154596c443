import type { Id } from '#kernel/id';

/** What an activity is set to. Each kind decides what is in it. */
export interface ItemContent {
  /** Who carries it out, for kinds that a vendor does. It never changes. */
  readonly vendor: string | null;
  /** The name under which API and console show it. */
  readonly name: string;
  /** The package that it orders, for kinds that order one. The name is stored, because the account may lose the package. */
  readonly package: ChosenPackage | null;
  /** What has no column of its own; null when there is nothing. */
  readonly configuration: Configuration | null;
}

export interface ChosenPackage {
  readonly id: string;
  readonly name: string;
}

/** The stored form of a configuration: JSON, in the words of the API. */
export type Configuration = Readonly<Record<string, unknown>>;

/** Whose plan an activity is in. */
export interface PlanPlace {
  readonly teamId: string;
  readonly jobId: Id;
}

/** Where a present activity is. */
export interface ItemPlace extends PlanPlace {
  readonly vendor: string | null;
}

/** Something that "Add activity" offers. `label`: instead of the kind's own. */
export interface Offer {
  vendor?: string;
  /** The name of the vendor. */
  vendor_name?: string;
  label?: string;
}

/** The rules of one kind of activity. `New` and `Change` are the validated fields of its requests. */
export abstract class ActivityKind<New = unknown, Change = unknown> {
  /** What of this kind the team may add now. `create` decides. */
  offers(_teamId: string): Promise<readonly Offer[]> {
    return Promise.resolve([{}]);
  }

  /** The content of a new activity. May call a vendor, so never inside a unit of work. Throws a `DomainError`. */
  abstract create(place: PlanPlace, fields: New): Promise<ItemContent>;

  /**
   * Looks up what the change refers to, as `create` does. The result is applied inside the unit of work, to the content
   * that the activity has then.
   */
  abstract change(place: ItemPlace, fields: Change): Promise<(present: ItemContent) => ItemContent>;

  /** What the API shows of stored configurations, in their order. */
  show(_teamId: string, stored: readonly Configuration[]): Promise<readonly object[]> {
    return Promise.resolve(stored);
  }
}

export interface ActivityType extends Offer {
  type: string;
  label: string;
}

/** The kinds of activity that this version knows. A newer version may have stored others. */
export abstract class ActivityKinds {
  /** null: this version does not know it. */
  abstract find(type: string): ActivityKind | null;
  /** What "Add activity" offers to a team. */
  abstract offeredTo(teamId: string): Promise<ActivityType[]>;
}
