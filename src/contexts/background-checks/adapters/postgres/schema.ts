import type { ContextSchema } from '#platform/database/context-schema';
import { checkSchema } from './check.schema.js';
import { Start } from './migrations/0001-start.js';
import { SendingAgain } from './migrations/0002-sending-again.js';
import { Erasing } from './migrations/0003-erasing.js';
import { Outcomes } from './migrations/0004-outcomes.js';
import { Cancelling } from './migrations/0041-cancelling.js';
import { HistoriesEnd } from './migrations/0061-histories-end.js';
import { PlainNames } from './migrations/0065-plain-names.js';
import { VendorsOfChecks } from './migrations/0067-vendors-of-checks.js';
import { Changes } from './migrations/0074-changes.js';

export const backgroundChecksSchema: ContextSchema = {
  name: 'background-checks',
  entities: [checkSchema],
  migrations: [
    { name: '0001-start', class: Start },
    { name: '0002-sending-again', class: SendingAgain },
    { name: '0003-erasing', class: Erasing },
    { name: '0004-outcomes', class: Outcomes },
    { name: '0041-cancelling', class: Cancelling },
    { name: '0061-histories-end', class: HistoriesEnd },
    { name: '0065-plain-names', class: PlainNames },
    { name: '0067-vendors-of-checks', class: VendorsOfChecks },
    { name: '0074-changes', class: Changes },
  ],
  columns: {
    background_check: {
      nothing: 'vendor package_id package_name environment',
      candidate: 'sent_to failure_message',
      case: 'case_id short_id portal_url failure_candidates',
      outcome: 'status result vendor_status vendor_score failure_reason',
    },
    history_entry: { nothing: 'kind source', outcome: 'from to' },
    // A client may put anything into its key. Rows are deleted after a day.
    idempotency_record: { nothing: 'path', candidate: 'key body answer' },
  },
};
