/** Query: the vendors of this release (`VendorFacts[]`), in the order of the screens. */
export class ListVendors {}
export interface VendorFacts {
  /** Stored with connections, activities and checks. */
  id: string;
  /** As in sentences to people. */
  name: string;
  /** What "Add activity" calls a background check of this vendor. */
  activityLabel: string;
  /** The display name of such an activity in a plan. */
  activityName: string;
}

/** With which kinds and reasons every call that needs an answer of the vendor may fail. */
export const vendorRefusals = [
  ['too_many', 'budget_exhausted'],
  ['upstream', 'vendor_error'],
  ['unavailable', 'vendor_unreachable', 'key_missing', 'secret_unreadable'],
] as const;
