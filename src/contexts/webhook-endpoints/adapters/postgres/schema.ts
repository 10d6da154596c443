import type { ContextSchema } from '#platform/database/context-schema';
import { WebhookEndpoints } from './migrations/0076-webhook-endpoints.js';

export const webhookEndpointsSchema: ContextSchema = {
  name: 'webhook-endpoints',
  entities: [],
  migrations: [{ name: '0076-webhook-endpoints', class: WebhookEndpoints }],
  columns: {
    endpoint: { nothing: 'url description event_types disabled_reason', secret: 'secret previous_secret' },
    event: { nothing: 'type subject' },
    announced: { nothing: 'subject state' },
    stream: { nothing: 'subject' },
    delivery: { nothing: 'subject type state' },
    // `error` is one of our own sentences.
    attempt: { nothing: 'type status error' },
  },
};
