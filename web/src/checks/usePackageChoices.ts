import { useQueries } from '@tanstack/react-query';
import { useVendors } from '../integrations/vendors';
import { packagesQuery } from '../jobs/packages';
import { packageChoices } from './package-choices';

/** The packages of the team's vendors as options of a select, for which a list may be missing. */
export function usePackageChoices() {
  const vendors = useVendors();
  const lists = useQueries({ queries: vendors.map(({ id }) => ({ ...packagesQuery(id), retry: false })) });
  return packageChoices(vendors.map(({ name }, nth) => ({ vendor: name, packages: lists[nth]?.data?.packages ?? [] })));
}
