import type { components } from './schema';

type Check = components['schemas']['CheckResponse'];
interface ById {
  path: { id: string };
}
interface Json<Body> {
  content: { 'application/json': Body };
}
interface Answers<Status extends number, Body> {
  responses: Record<Status, { headers: Record<string, unknown> } & Json<Body>>;
}
interface Posting<Body> {
  parameters: ById;
  requestBody: Json<Body>;
}

/** What Certn reported to the service, and what became of it. */
export interface Delivery {
  id: string;
  event_id: string;
  event_type: string;
  case_id: string;
  received_at: string;
  outcome: 'applied' | 'unchanged' | 'duplicate' | 'not_ours' | 'failed';
  failure: string | null;
  background_check_id: string | null;
}

/** What the daily comparison with Certn found. */
export interface Finding {
  id: string;
  kind: 'case_without_order' | 'order_without_case';
  case_id: string | null;
  background_check_id: string | null;
  found_at: string;
}

interface ListQuery {
  query?: { page?: number; per_page?: number };
}

/**
 * Routes of the contract that openapi.json does not describe yet. Each goes as soon as it is in schema.ts
 * (`npm run client -w web`); the two types above too.
 */
export interface PathsToCome {
  '/ats/v0/background_checks/{id}/resend': { post: Posting<{ email?: string }> & Answers<201, Check> };
  '/ats/v0/background_checks/{id}/decide': {
    post: Posting<{ case_id: string } | { send_again: true }> & Answers<200, Check>;
  };
  '/ats/v0/candidates/{id}/anonymise': {
    post: { parameters: ById; responses: { 204: { headers: Record<string, unknown>; content?: never } } };
  };
  '/ats/v0/integrations/certn/deliveries': {
    get: { parameters: { query?: ListQuery['query'] & { outcome?: Delivery['outcome'][] } } } & Answers<
      200,
      Delivery[]
    >;
  };
  '/ats/v0/integrations/certn/deliveries/{id}/replay': {
    post: { parameters: ById; responses: { 202: { headers: Record<string, unknown>; content?: never } } };
  };
  '/ats/v0/integrations/certn/findings': { get: { parameters: ListQuery } & Answers<200, Finding[]> };
}
