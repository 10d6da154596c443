import { v7 } from 'uuid';
import type { Id } from '#kernel/id';
import { Clock, Ids } from '#kernel/ports';

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

export class TimeOrderedIds extends Ids {
  next(): Id {
    return v7() as Id;
  }
}
