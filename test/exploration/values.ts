/**
 * Values as the explorer keeps them: plain JSON in which every time is a distance from now in seconds. The same situation at
 * another time of day is therefore the same value, and subtraction lets time pass.
 */
export type Json = null | boolean | number | string | Json[] | { [field: string]: Json };

/** Times are rounded to this many seconds, so the milliseconds of a real statement do not count. */
export const quantum = 20;
/** Older times count as this old. That keeps the number of values finite. */
const longAgo = -24 * 3600;

const timeAsText = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/;
/** Times for display only. No decision reads them. */
const displayed = new Set([
  ...['created_at', 'updated_at', 'confirmed_at', 'disabled_at'],
  ...['createdAt', 'updatedAt', 'disabledAt', 'savedAt', 'at'],
]);

const distance = (time: number, now: number): number =>
  Math.max(longAgo, Math.round((time - now) / 1000 / quantum) * quantum);

const isMoment = (value: Json): value is { $at: number; $as: string } =>
  typeof value === 'object' && value !== null && '$at' in value;

function mapped(value: object, change: (inner: never, field: string) => Json): Json {
  if (Array.isArray(value)) return value.map((inner) => change(inner as never, ''));
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined && typeof inner !== 'function');
  return Object.fromEntries(fields.map(([field, inner]) => [field, change(inner as never, field)]));
}

export function freeze(value: unknown, now: number, field = ''): Json {
  const isDisplayed = displayed.has(field);
  if (value instanceof Date) return { $at: isDisplayed ? longAgo : distance(value.getTime(), now), $as: 'date' };
  if (typeof value === 'string' && timeAsText.test(value))
    return { $at: isDisplayed ? longAgo : distance(Date.parse(value), now), $as: 'text' };
  if (typeof value === 'object' && value !== null) return mapped(value, (inner, name) => freeze(inner, now, name));
  return (value ?? null) as Json;
}

/** Restores the value, with its times relative to this `now`. */
export function revive(value: Json, now: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!isMoment(value)) return mapped(value, (inner) => revive(inner, now) as Json);
  const time = new Date(now + value.$at * 1000);
  return value.$as === 'date' ? time : time.toISOString();
}

/** The value after this many seconds. */
export function later(value: Json, seconds: number): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (!isMoment(value)) return mapped(value, (inner) => later(inner, seconds));
  return value.$at <= longAgo ? value : { ...value, $at: Math.max(longAgo, value.$at - seconds) };
}

/** Stores values by number. Equal values share a number, so states compare by numbers. */
export class Heap {
  private readonly numbers = new Map<string, number>();
  private readonly values: Json[] = [];
  private readonly aged = new Map<string, number>();

  put(value: Json): number {
    const text = JSON.stringify(value);
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.values.push(value);
    this.numbers.set(text, this.values.length - 1);
    return this.values.length - 1;
  }

  get<T = Json>(number: number): T {
    return this.values[number] as T;
  }

  later(number: number, seconds: number): number {
    const key = `${number}/${seconds}`;
    const known = this.aged.get(key);
    if (known !== undefined) return known;
    const aged = this.put(later(this.get(number), seconds));
    this.aged.set(key, aged);
    return aged;
  }
}
