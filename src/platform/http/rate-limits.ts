import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { CompiledQuery } from 'kysely';
import { type RateLimiterAbstract, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Caller } from '#kernel/caller';
import { DomainError } from '#kernel/errors';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { withoutTeam } from '../database/scope.js';
import { registered } from '../registered.js';
import { LimitedAct } from './limited-act.js';

const minute = 60;

const byUser = 'You have sent too many requests within a minute. Try again shortly.';
const byTeam = 'Your team has sent too many requests within a minute. Try again shortly.';

/** Limits requests per user and per team in a minute, counted for all replicas together. Routes without a caller are exempt. */
@Injectable()
export class RateLimits {
  private readonly ofUser: RateLimiterAbstract;
  private readonly ofTeam: RateLimiterAbstract;
  private readonly acts = new Map<string, RateLimiterAbstract>();

  constructor(
    private readonly database: Database,
    private readonly discovery: DiscoveryService,
    { rateLimits }: Settings,
  ) {
    this.ofUser = this.limiter('user', rateLimits.userPerMinute);
    this.ofTeam = this.limiter('team', rateLimits.teamPerMinute);
  }

  private limiter(keyPrefix: string, points: number): RateLimiterAbstract {
    return new RateLimiterPostgres({
      storeType: 'pool',
      storeClient: { query: ({ text, values }: Statement) => run(this.database, text, values) },
      schemaName: 'platform',
      tableName: 'rate_limit',
      tableCreated: true,
      keyPrefix,
      points,
      duration: minute,
      // A housekeeping task deletes old counts.
      clearExpiredByTimeout: false,
      // A caller over the limit is refused without another query.
      inMemoryBlockOnConsumed: points + 1,
    });
  }

  /**
   * Counts one request and sets `RateLimit-*` on its answer, for the limit that is closer. Throws `too_many_requests` (429) with the
   * seconds until the next one is allowed.
   */
  async take({ teamId, user }: Caller, reply: FastifyReply): Promise<void> {
    const ofUser = await this.consume(this.ofUser, user.id, byUser, reply);
    const ofTeam = await this.consume(this.ofTeam, teamId, byTeam, reply);
    const closer = ofTeam.remainingPoints < ofUser.remainingPoints ? this.ofTeam : this.ofUser;
    showLimit(reply, closer.points, closer === this.ofTeam ? ofTeam : ofUser);
  }

  /** Counts one act of the caller's team. Throws `too_many_requests` (429). */
  async takeAct({ teamId }: Caller, name: string, reply: FastifyReply): Promise<void> {
    const act = registered(this.discovery, LimitedAct).find((one) => one.name === name);
    if (!act) throw new Error(`No context registered the limited act "${name}".`);
    const limiter = this.acts.get(name) ?? this.limiter(name, act.perMinute);
    this.acts.set(name, limiter);
    await this.consume(limiter, teamId, act.refusal, reply);
  }

  private async consume(
    limiter: RateLimiterAbstract,
    key: string,
    message: string,
    reply: FastifyReply,
  ): Promise<RateLimiterRes> {
    try {
      return await limiter.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      showLimit(reply, limiter.points, refusal);
      const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw new DomainError('too_many', 'too_many_requests', message, {}, seconds);
    }
  }
}

/** The headers of an answer that say how many requests are left, and in how many seconds all of them are. */
function showLimit(reply: FastifyReply, points: number, { remainingPoints, msBeforeNext }: RateLimiterRes): void {
  void reply.headers({
    'ratelimit-limit': String(points),
    'ratelimit-remaining': String(Math.max(0, remainingPoints)),
    'ratelimit-reset': String(Math.max(1, Math.ceil(msBeforeNext / 1000))),
  });
}

interface Statement {
  text: string;
  values: unknown[];
}

/** The counters belong to no team: setting a scope would only cost time. */
const run = (database: Database, text: string, values: unknown[]): Promise<{ rows: unknown[] }> =>
  withoutTeam(() => database.kysely.executeQuery(CompiledQuery.raw(text, values)));
