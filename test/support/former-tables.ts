/** The tables of release 0.7 that have another name now (docs/decisions/0020-renamed-tables-leave-a-view.md). */
export const formerTables = [
  'background_checks.remembered_send',
  'integrations.delivery',
  'integrations.finding',
  'integrations.orphan',
  'integrations.round',
  'integrations.silence',
  'integrations.vendor_breaker',
  'integrations.vendor_order',
];
