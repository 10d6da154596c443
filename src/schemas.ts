import type { ContextSchema } from '#platform/database/context-schema';
import { platformSchema } from '#platform/platform-schema';

/** Every context's part of the database, in the order in which their migrations may build on each other. */
export const schemas: ContextSchema[] = [platformSchema];
