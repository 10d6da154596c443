import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock, Secrets } from '#kernel/ports';
import { HostCookies } from '#platform/auth/host-cookies';

/** Cookies that only this service can read and write, for a browser's state of a few minutes. */
@Injectable()
export class SealedCookies {
  constructor(
    private readonly secrets: Secrets,
    private readonly cookies: HostCookies,
    private readonly clock: Clock,
  ) {}

  set(reply: FastifyReply, name: string, value: unknown, seconds: number): void {
    const until = this.clock.now().getTime() + seconds * 1000;
    const sealed = this.secrets.seal(JSON.stringify({ value, until }), placeOf(name));
    this.cookies.set(reply, name, sealed, seconds);
  }

  /** null: there is none, it has expired, or it was not sealed here. */
  read<T>(request: FastifyRequest, name: string): T | null {
    const sealed = this.cookies.read(request, name);
    if (sealed === null) return null;
    const opened = this.secrets.openIfOurs(sealed, placeOf(name));
    if (opened === null) return null;
    const { value, until } = JSON.parse(opened) as { value: T; until: number };
    return until > this.clock.now().getTime() ? value : null;
  }

  has(request: FastifyRequest, name: string): boolean {
    return this.cookies.read(request, name) !== null;
  }

  clear(reply: FastifyReply, name: string): void {
    this.cookies.clear(reply, name);
  }
}

const placeOf = (name: string): string => `cookie/${name}`;
