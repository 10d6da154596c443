import type { ContextSchema } from '#platform/database/context-schema';

export const {{camelCase name}}Schema: ContextSchema = {
  name: '{{name}}',
  entities: [],
  migrations: [],
  columns: {},
};
