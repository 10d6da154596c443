import type { Id } from './id.js';

/** A client's Idempotency-Key with what it is valid for: one user, one path, one body. */
export interface RequestKey {
  teamId: string;
  userId: Id;
  path: string;
  key: string;
  body: string;
}
