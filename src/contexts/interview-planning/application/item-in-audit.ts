import type { PlanItem } from '../domain/plan-item.js';

/** What the audit log says of an activity. */
export const inAudit = ({ vendor, name, packageId, configuration }: PlanItem) => ({
  ...(vendor !== null && { vendor }),
  name,
  package_id: packageId,
  ...(configuration && { configuration }),
});
