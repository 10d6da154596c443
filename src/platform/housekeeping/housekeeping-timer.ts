import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Settings } from '../config/settings.js';
import { Ticker } from '../ticker.js';
import { HousekeepingTask } from './housekeeping-task.js';

const everyMs = 10_000;
/** Pieces of one task in a row; what is left then waits for the next tick, so that no task keeps the others waiting. */
const pieces = 20;

/** Runs every housekeeping task; one that fails stops no other. */
@Injectable()
export class HousekeepingTimer extends Ticker {
  constructor(
    settings: Settings,
    private readonly discovery: DiscoveryService,
  ) {
    super(settings, 'housekeeping', everyMs);
  }

  protected async tick(): Promise<void> {
    const instances = this.discovery.getProviders().map(({ instance }) => instance as unknown);
    for (const task of instances.filter((instance) => instance instanceof HousekeepingTask))
      await this.recurring.run(`housekeeping.${task.constructor.name}`, () => this.piecesOf(task));
  }

  private async piecesOf(task: HousekeepingTask): Promise<void> {
    for (let piece = 0; piece < pieces && (await task.run()) > 0; piece += 1);
  }
}
