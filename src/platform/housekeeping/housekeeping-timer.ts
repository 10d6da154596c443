import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Settings } from '../config/settings.js';
import { Ticker } from '../ticker.js';
import { HousekeepingTask } from './housekeeping-task.js';
import { registered } from '../registered.js';

const everyMs = 10_000;
/** The most pieces of one task in a row. The rest waits for the next tick, so that no task delays the others. */
const pieces = 20;

/** Runs every housekeeping task. A failing task does not stop the others. */
@Injectable()
export class HousekeepingTimer extends Ticker {
  constructor(
    settings: Settings,
    private readonly discovery: DiscoveryService,
  ) {
    super(settings, 'housekeeping', everyMs);
  }

  protected async tick(): Promise<void> {
    for (const task of registered(this.discovery, HousekeepingTask))
      await this.recurring.run(`housekeeping.${task.constructor.name}`, () => this.piecesOf(task));
  }

  private async piecesOf(task: HousekeepingTask): Promise<void> {
    for (let piece = 0; piece < pieces && (await task.run()) > 0; piece += 1);
  }
}
