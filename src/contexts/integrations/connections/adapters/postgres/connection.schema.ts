import { EntitySchema } from '@mikro-orm/core';
import { Connection } from '../../domain/connection.js';

export const connectionSchema = new EntitySchema<Connection>({
  class: Connection,
  schema: 'integrations',
  tableName: 'connection',
  forceConstructor: true,
  properties: {
    teamId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    vendor: { type: 'text' },
    region: { type: 'text' },
    environment: { type: 'text' },
    current: { type: 'boolean' },
    apiKey: { type: 'json' },
    webhookSecret: { type: 'json' },
    previousWebhookSecret: { type: 'text', nullable: true },
    previousAcceptedUntil: { type: 'datetime', length: 3, nullable: true },
    accountKey: { type: 'text' },
    disabledAt: { type: 'datetime', length: 3, nullable: true },
    attention: { type: 'json', nullable: true },
    packagesFetchedAt: { type: 'datetime', length: 3, nullable: true },
    host: { type: 'text', persist: false, getter: true },
    state: { type: 'text', persist: false, getter: true },
    version: { type: 'integer', version: true },
    createdAt: { type: 'datetime', length: 3 },
    updatedAt: { type: 'datetime', length: 3 },
  },
});
