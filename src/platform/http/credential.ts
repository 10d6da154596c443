import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

/** A digest of what a request signs in with; undefined: with nothing. What signs people in is not kept. */
export function credentialOf({ headers: { authorization, cookie } }: FastifyRequest): string | undefined {
  const credential = authorization ?? cookie;
  return credential === undefined ? undefined : digestOf(credential);
}

export const digestOf = (credential: string): string => createHash('sha256').update(credential).digest('base64');
