import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { HostCookies, sessionCookie } from '../auth/host-cookies.js';
import { apiKeyHeader } from '../auth/ports.js';

/** A digest of the request's credential; undefined: it has none. The credential itself is not kept. */
export function credentialOf({ headers }: FastifyRequest): string | undefined {
  const credential = headers[apiKeyHeader] ?? headers.authorization ?? headers.cookie;
  return credential === undefined ? undefined : digestOf(String(credential));
}

const digestOf = (credential: string): string => createHash('sha256').update(credential).digest('base64');

/** The routes where requests are counted and queued. All others, such as signing out and the console, have no limit per person. */
export const isCounted = ({ routeOptions: { url = '' } }: FastifyRequest): boolean => url.startsWith('/ats/');

/** Groups requests by person before anything is verified. */
@Injectable()
export class Credentials {
  constructor(private readonly cookies: HostCookies) {}

  /** A digest of the credential and nothing else: other cookies or another spelling of the header do not change it. */
  of(request: FastifyRequest): string | undefined {
    const { authorization, [apiKeyHeader]: key } = request.headers;
    if (key !== undefined) return digestOf(String(key));
    if (authorization !== undefined) return digestOf(authorization.replace(/^bearer /i, ''));
    const session = this.cookies.read(request, sessionCookie);
    return session === null ? undefined : digestOf(session);
  }
}
