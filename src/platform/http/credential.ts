import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { HostCookies, sessionCookie } from '../auth/host-cookies.js';

/** A digest of what a request may sign in with; undefined: nothing. What signs people in is not kept. */
export function credentialOf({ headers: { authorization, cookie } }: FastifyRequest): string | undefined {
  const credential = authorization ?? cookie;
  return credential === undefined ? undefined : digestOf(credential);
}

const digestOf = (credential: string): string => createHash('sha256').update(credential).digest('base64');

/** Where requests are counted and wait for each other. Nowhere else: signing out and the console stay open to everybody. */
export const isCounted = ({ routeOptions: { url = '' } }: FastifyRequest): boolean => url.startsWith('/ats/');

/** Tells the requests of one person from those of others before anything is verified. */
@Injectable()
export class Credentials {
  constructor(private readonly cookies: HostCookies) {}

  /** A digest of what signs the request in and of nothing besides: with another cookie or another spelling it is the same. */
  of(request: FastifyRequest): string | undefined {
    const { authorization } = request.headers;
    if (authorization !== undefined) return digestOf(authorization.replace(/^bearer /i, ''));
    const session = this.cookies.read(request, sessionCookie);
    return session === null ? undefined : digestOf(session);
  }
}
