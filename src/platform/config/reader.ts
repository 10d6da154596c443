export type Env = Record<string, string | undefined>;

/** Why the service cannot start, one line per fault. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly faults: string[]) {
    super(faults.join('\n'));
  }
}

/** Settings whose names changed in 0.7.0, by their present name. The old name is read where the present one is not set. */
const formerNames: Record<string, string> = {
  ORDER_OUTCOME_UNKNOWN_SECONDS: 'ORDER_DOUBT_SECONDS',
  ORDER_VISIBILITY_LAG_SECONDS: 'ORDER_SETTLE_SECONDS',
  FAILED_WEBHOOKS_PER_MINUTE: 'FAILED_NOTICES_PER_MINUTE',
};

/** Reads the environment and collects every fault in it. */
export class Reader {
  readonly faults: string[] = [];
  constructor(private readonly env: Env) {}

  text(name: string): string | null {
    return this.env[name]?.trim() || this.env[formerNames[name] ?? '']?.trim() || null;
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

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = (this.text(name) ?? fallback) as T;
    if (!allowed.includes(value)) this.faults.push(`${name} is "${value}": it must be one of ${allowed.join(', ')}.`);
    return value;
  }

  /** Exact names of hosts, never a pattern: `reports.example.com,files.example.com`. */
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
