import { type BeforeApplicationShutdown, Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { sql } from 'kysely';
import { DomainError } from '#kernel/errors';
import { Public } from '../auth/requires.js';
import { Database } from '../database/database.js';

/** `live`: this process answers. `ready`: send it requests (the database answers, and it is not being stopped). */
@ApiExcludeController()
@Public()
@Controller('health')
export class HealthController implements BeforeApplicationShutdown {
  private stopping = false;

  constructor(private readonly database: Database) {}

  @Get('live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(): Promise<{ status: string }> {
    if (this.stopping) throw new DomainError('unavailable', 'stopping', 'This replica is being stopped.', {}, 1);
    await this.database.rows(sql`select 1`);
    return { status: 'ok' };
  }

  beforeApplicationShutdown(): void {
    this.stopping = true;
  }
}
