import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Settings } from '../config/settings.js';

/**
 * Cookies that only the service reads. On https they carry the `__Host-` prefix: the browser then accepts them from this host
 * alone, and another subdomain cannot set them.
 */
@Injectable()
export class HostCookies {
  private readonly secure: boolean;
  /** Cookies ignore ports: several local runs on one machine would sign each other out. */
  private readonly suffix: string;

  constructor({ publicUrl, localRun }: Settings) {
    this.secure = publicUrl.startsWith('https:');
    this.suffix = localRun ? `_${new URL(publicUrl).port}` : '';
  }

  read({ cookies }: FastifyRequest, name: string): string | null {
    return cookies[this.nameOf(name)] ?? null;
  }

  /** Without `maxAgeSeconds` the browser drops the cookie when it is closed. */
  set(reply: FastifyReply, name: string, value: string, maxAgeSeconds?: number): void {
    void reply.setCookie(this.nameOf(name), value, { ...this.attributes(), maxAge: maxAgeSeconds });
  }

  clear(reply: FastifyReply, name: string): void {
    void reply.clearCookie(this.nameOf(name), this.attributes());
  }

  private nameOf(name: string): string {
    return (this.secure ? `__Host-${name}` : name) + this.suffix;
  }

  /** Lax: the redirect from the identity provider comes from another site and must still carry the cookie. */
  private attributes() {
    return { path: '/', httpOnly: true, secure: this.secure, sameSite: 'lax' } as const;
  }
}

/** The cookie that holds a session's token. */
export const sessionCookie = 'ats_session';
