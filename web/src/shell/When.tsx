import { Tooltip } from '@mantine/core';
import dayjs from 'dayjs';
import localizedFormat from 'dayjs/plugin/localizedFormat';
import relativeTime from 'dayjs/plugin/relativeTime';
import { type ReactNode, useSyncExternalStore } from 'react';

dayjs.extend(relativeTime);
dayjs.extend(localizedFormat);

const everyMs = 20_000;
let now = Date.now();

/** One clock for all times on the screen. */
function subscribe(changed: () => void): () => void {
  const timer = setInterval(() => {
    now = Date.now();
    changed();
  }, everyMs);
  return () => clearInterval(timer);
}

/** The exact moment in the reader's own zone. */
export const exactTime = (at: string): string => dayjs(at).format('LLL');

/** The day of it, where the hour is of no matter. */
export const exactDay = (at: string): string => dayjs(at).format('LL');

/** A moment, relative to now; the exact one on hover. */
export function When({ at }: { at: string }): ReactNode {
  const current = useSyncExternalStore(subscribe, () => now);
  const moment = dayjs(at);
  // What has just happened may seem to lie ahead: the service's clock is not ours.
  const ahead = moment.diff(current);
  const shown = ahead > 0 && ahead < 120_000 ? 'just now' : moment.from(current);
  return (
    <Tooltip label={exactTime(at)} events={{ hover: true, focus: true, touch: true }}>
      <time dateTime={at}>{shown}</time>
    </Tooltip>
  );
}
