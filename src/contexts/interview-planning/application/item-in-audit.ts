import type { PlanItem } from '../domain/plan-item.js';

/** What the audit log says of an activity. */
export const inAudit = ({ name, packageId, configuration }: PlanItem) => ({
  name,
  package_id: packageId,
  ...(configuration && { configuration }),
});
