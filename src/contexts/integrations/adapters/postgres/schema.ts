import type { ContextSchema } from '#platform/database/context-schema';
import { connectionSchema } from './connection.schema.js';
import { Start } from './migrations/0001-start.js';
import { OrdersInDoubt } from './migrations/0002-orders-in-doubt.js';
import { Following } from './migrations/0003-following.js';
import { Erasing } from './migrations/0004-erasing.js';
import { Breaker } from './migrations/0005-breaker.js';

export const integrationsSchema: ContextSchema = {
  name: 'integrations',
  entities: [connectionSchema],
  migrations: [
    { name: '0001-start', class: Start },
    { name: '0002-orders-in-doubt', class: OrdersInDoubt },
    { name: '0003-following', class: Following },
    { name: '0004-erasing', class: Erasing },
    { name: '0005-breaker', class: Breaker },
  ],
};
