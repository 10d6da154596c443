import { type BeforeApplicationShutdown, Controller, Get, type OnModuleDestroy } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import { sql } from 'kysely';
import { DomainError } from '#kernel/errors';
import { Public } from '../auth/requires.js';
import { Settings } from '../config/settings.js';
import { acrossTeams } from '../database/scope.js';
import { Database } from '../database/database.js';
import { registered } from '../registered.js';
import { ReadinessNote } from './readiness.js';

/** A database that does not answer for this long counts as down. */
const silentMs = 900;

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

/** The body of `ready`, with the notes of the contexts. `recurring_work`: some recurring work fails; requests are served. */
interface Readiness {
  status: string;
  recurring_work?: 'failing';
  [note: string]: string | undefined;
}

/** `live`: this process answers. `ready`: it can take requests (the database answers, and it is not shutting down). */
@ApiExcludeController()
@Public()
@Controller('health')
export class HealthController implements OnModuleDestroy, BeforeApplicationShutdown {
  private stopping = false;
  private asking: Promise<{ failing: boolean } | null> | undefined;

  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
    private readonly discovery: DiscoveryService,
  ) {}

  @Get('live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(): Promise<Readiness> {
    if (this.stopping) throw new DomainError('unavailable', 'stopping', 'This replica is being stopped.', {}, 1);
    const answers = this.ask();
    const answer = await Promise.race([answers, later(silentMs).then(() => 'silent' as const)]);
    if (answer !== 'silent') return this.okay(answer?.failing ?? false);
    answers.catch(() => undefined);
    const sentence = 'The database does not answer.';
    throw new DomainError('unavailable', 'temporarily_unavailable', sentence, {}, 1);
  }

  private okay(failing: boolean): Readiness {
    const notes = registered(this.discovery, ReadinessNote).flatMap((note) => Object.entries(note.read()));
    return {
      status: 'ok',
      ...Object.fromEntries(notes),
      ...(failing ? { recurring_work: 'failing' } : {}),
    };
  }

  /** Concurrent checks share one query. Queued one by one, the load balancer's check could come too late. */
  private ask(): Promise<{ failing: boolean } | null> {
    const question = sql<{ failing: boolean }>`select exists (select from platform.recurring_fault) as failing`;
    return (this.asking ??= acrossTeams('health', () => this.database.first(question)).finally(
      () => (this.asking = undefined),
    ));
  }

  onModuleDestroy(): void {
    this.stopping = true;
  }

  /** Waits only when a signal stops the process: then a load balancer needs time to notice. */
  async beforeApplicationShutdown(signal?: string): Promise<void> {
    if (signal) await later(this.settings.drainSeconds * 1000);
  }
}
