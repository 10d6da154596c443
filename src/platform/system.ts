import { v7 } from 'uuid';
import { Clock, Ids } from '#kernel/ports';

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

export class TimeOrderedIds extends Ids {
  next(): string {
    return v7();
  }
}
