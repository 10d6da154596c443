import { Injectable } from '@nestjs/common';
import { LimitedAct } from '#platform/http/limited-act';

export const endpointSends = 'webhook_endpoint_sends';

/** Tests and replays send to other systems, and a replay writes up to 10,000 rows. */
@Injectable()
export class EndpointSends extends LimitedAct {
  readonly name = endpointSends;
  readonly perMinute = 60;
  readonly refusal = 'Your team has sent too many tests and replays within a minute. Try again shortly.';
}
