import { Tooltip } from '@mantine/core';
import dayjs from 'dayjs';
import relativeTime from 'dayjs/plugin/relativeTime';
import { type ReactNode, useSyncExternalStore } from 'react';

dayjs.extend(relativeTime);

const everyMs = 20_000;
let now = Date.now();

const readClock = (): void => {
  // Whole seconds, so that times that appear together agree.
  now = Math.floor(Date.now() / 1000) * 1000;
};

/** One clock for all times on the screen. */
function subscribe(changed: () => void): () => void {
  readClock();
  const timer = setInterval(() => {
    readClock();
    changed();
  }, everyMs);
  return () => clearInterval(timer);
}

/** The exact time in the user's time zone. */
export const exactTime = (at: string): string => dayjs(at).format('D MMM YYYY, HH:mm');

/** The exact day, where the time does not matter. */
export const exactDay = (at: string): string => dayjs(at).format('D MMM YYYY');

function relative(at: string, current: number): string {
  const moment = dayjs(at);
  const seconds = Math.round((current - moment.valueOf()) / 1000);
  // A recent time can seem to be in the future, because the service's clock is not the browser's.
  if (seconds < 1 && seconds > -120) return 'just now';
  if (seconds >= 1 && seconds < 60) return seconds === 1 ? '1 second ago' : `${seconds} seconds ago`;
  return moment.from(current);
}

/** A relative time, with the exact one in a tooltip. */
export function When({ at }: { at: string }): ReactNode {
  const current = useSyncExternalStore(subscribe, () => now);
  return (
    <Tooltip label={exactTime(at)} events={{ hover: true, focus: true, touch: true }}>
      <time dateTime={at}>{relative(at, current)}</time>
    </Tooltip>
  );
}
