import type { ContextSchema } from '#platform/database/context-schema';
import { platformSchema } from '#platform/platform-schema';
import { accessSchema } from './contexts/access/adapters/postgres/schema.js';
import { backgroundChecksSchema } from './contexts/background-checks/adapters/postgres/schema.js';
import { hiringSchema } from './contexts/hiring/adapters/postgres/schema.js';
import { integrationsSchema } from './contexts/integrations/adapters/postgres/schema.js';
import { interviewPlanningSchema } from './contexts/interview-planning/adapters/postgres/schema.js';
import { webhookEndpointsSchema } from './contexts/webhook-endpoints/adapters/postgres/schema.js';

/** Every context's part of the database, in the order in which their migrations may build on each other. */
export const schemas: ContextSchema[] = [
  platformSchema,
  accessSchema,
  hiringSchema,
  interviewPlanningSchema,
  backgroundChecksSchema,
  integrationsSchema,
  webhookEndpointsSchema,
];
