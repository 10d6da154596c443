import type { Schemas } from '../api/client';

/** A vendor as paths and sentences name it. */
export interface Vendor {
  id: string;
  name: string;
}

/** The vendor that carries out an activity. Only activities of other kinds have none. */
export const vendorOf = (of: Partial<Pick<Schemas['PlanItemResponse'], 'vendor' | 'vendor_name'>>): Vendor => ({
  id: of.vendor ?? '',
  name: of.vendor_name ?? 'the vendor',
});

type Names = readonly string[];

const listed = (names: Names, type: Intl.ListFormatType): string =>
  names.length === 0 ? 'the vendor' : new Intl.ListFormat('en', { type }).format(names);

/** "One", "One and Other". */
export const allOf = (names: Names): string => listed(names, 'conjunction');

/** "One", "One or Other". */
export const anyOf = (names: Names): string => listed(names, 'disjunction');

export const keepsItsCopy = (names: Names): string =>
  `${names.length === 1 ? allOf(names) : 'Each vendor'} keeps its own copy by its own terms.`;
