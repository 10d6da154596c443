import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { UnlinkCandidate } from '#contexts/access';
import type { Id } from '#kernel/id';
import { Links } from '../../domain/ports.js';

@Injectable()
export class AccessLinks extends Links {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  async end(teamId: string, candidateId: Id): Promise<void> {
    await this.commands.execute<UnlinkCandidate, void>(new UnlinkCandidate(teamId, candidateId));
  }
}
