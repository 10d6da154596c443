import { Injectable } from '@nestjs/common';
import { LimitedAct } from '#platform/http/limited-act';
import { IntegrationsSettings } from '../../../settings.js';

export const connectionTest = 'connection_test';

/** A test calls the vendor, whose rate budget the team's orders need. */
@Injectable()
export class ConnectionTests extends LimitedAct {
  readonly name = connectionTest;
  readonly perMinute: number;
  readonly refusal = 'Your team has tested the connection too often within a minute. Try again shortly.';

  constructor({ connectionTestsPerMinute }: IntegrationsSettings) {
    super();
    this.perMinute = connectionTestsPerMinute;
  }
}
