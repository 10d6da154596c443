export type Env = Record<string, string | undefined>;

/** Why the service cannot start, one line per fault. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly faults: string[]) {
    super(faults.join('\n'));
  }
}

/** Reads the environment and collects every fault in it. */
export class Reader {
  readonly faults: string[] = [];
  private readonly formerNames = new Map<string, string>();

  constructor(private readonly env: Env) {}

  /** A setting got another name in this release or an earlier one. The former name is read where the present one is not set. */
  renamed(present: string, former: string): void {
    this.formerNames.set(present, former);
  }

  text(name: string): string | null {
    return this.env[name]?.trim() || this.env[this.formerNames.get(name) ?? '']?.trim() || null;
  }

  /** Comma-separated. */
  list(name: string, fallback: string[]): string[] {
    const entries = (this.text(name) ?? '').split(',').map((entry) => entry.trim());
    const given = entries.filter((entry) => entry !== '');
    return given.length > 0 ? given : fallback;
  }

  required(name: string, what: string): string {
    const value = this.text(name);
    if (!value) this.faults.push(`${name} is missing: set it to ${what}.`);
    return value ?? '';
  }

  number(name: string, fallback: number, min: number, max: number): number {
    const text = this.text(name);
    const value = text === null ? fallback : Number(text);
    if (!Number.isInteger(value) || value < min || value > max) {
      this.faults.push(`${name} is "${text}": it must be a whole number from ${min} to ${max}.`);
    }
    return value;
  }

  /** Seconds that grow from each to the next, separated by commas. */
  growingSeconds(name: string, fallback: string): number[] {
    const seconds = (this.text(name) ?? fallback).split(',').map(Number);
    if (seconds.some((s, i) => !Number.isFinite(s) || s <= (seconds[i - 1] ?? 0))) {
      this.faults.push(`${name} must be growing seconds separated by commas, such as ${fallback}.`);
    }
    return seconds;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = (this.text(name) ?? fallback) as T;
    if (!allowed.includes(value)) this.faults.push(`${name} is "${value}": it must be one of ${allowed.join(', ')}.`);
    return value;
  }

  /** Exact names of hosts, never a pattern: `files.example.com,pages.example.com`. */
  hostNames(name: string): string[] {
    const listed = this.list(name, []).map((entry) => entry.toLowerCase());
    for (const host of listed) {
      if (URL.parse(`https://${host}`)?.host !== host || !host.includes('.'))
        this.faults.push(`${name} holds "${host}": it must be the name of a host, without a scheme, a port or a path.`);
    }
    return listed;
  }

  /** https everywhere; plain http only on this machine's own loopback. */
  url(name: string, value: string): string {
    if (!value) return value;
    try {
      const url = new URL(value);
      const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
      if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback)) return value.replace(/\/+$/, '');
    } catch {
      // falls through to the fault
    }
    this.faults.push(`${name} is "${value}": it must be an https address (http only on loopback).`);
    return value;
  }
}

/**
 * Reads the settings of one part of the service. Throws `SettingsError` that names every fault in them. Before the start, `serve`
 * has checked all parts together (`src/settings.ts`).
 */
export function readPart<T>(read: (reader: Reader) => T, env: Env = process.env): T {
  const reader = new Reader(env);
  const settings = read(reader);
  if (reader.faults.length > 0) throw new SettingsError(reader.faults);
  return settings;
}
