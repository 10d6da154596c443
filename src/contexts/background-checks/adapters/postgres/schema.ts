import type { ContextSchema } from '#platform/database/context-schema';
import { checkSchema } from './check.schema.js';
import { Start } from './migrations/0001-start.js';
import { SendingAgain } from './migrations/0002-sending-again.js';
import { Erasing } from './migrations/0003-erasing.js';

export const backgroundChecksSchema: ContextSchema = {
  name: 'background-checks',
  entities: [checkSchema],
  migrations: [
    { name: '0001-start', class: Start },
    { name: '0002-sending-again', class: SendingAgain },
    { name: '0003-erasing', class: Erasing },
  ],
};
