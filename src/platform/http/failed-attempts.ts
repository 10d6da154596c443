import { isIPv6 } from 'node:net';
import { RateLimiterMemory } from 'rate-limiter-flexible';

const minute = 60;
/** A credential that proved good is remembered for five minutes at least, ten at most. */
const rememberedMs = 300_000;
const mostRemembered = 20_000;

/**
 * Counts failures of one address within a minute, in this process alone. Refusing further attempts then costs no database query and
 * no parsing. A credential that proved good before is never refused because of others at the same address.
 */
export class FailedAttempts {
  private readonly failures: RateLimiterMemory;
  private readonly good = new Recent(rememberedMs, mostRemembered);

  /** `most`: how many failures one address may have in a minute. */
  constructor(private readonly most: number) {
    this.failures = new RateLimiterMemory({ points: most, duration: minute });
  }

  /** For how many seconds the address is refused; 0: it is not. `proof`: the credential, which may have proved good before. */
  async mustWait(address: string, proof: () => string | undefined): Promise<number> {
    const found = await this.failures.get(networkOf(address));
    if (!found || found.consumedPoints < this.most) return 0;
    if (this.isKnown(proof)) return 0;
    return Math.max(1, Math.ceil(found.msBeforeNext / 1_000));
  }

  /** Whether this credential proved good recently. */
  isKnown(proof: () => string | undefined): boolean {
    const known = proof();
    return known !== undefined && this.good.has(known);
  }

  async failed(address: string): Promise<void> {
    await this.failures.penalty(networkOf(address));
  }

  succeeded(proof: string): void {
    this.good.add(proof);
  }
}

/** The network of one subscriber: an IPv4 address, or the first 64 bits of an IPv6 address. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [first, last] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  const all = tail === undefined ? first : [...first, ...zeros, ...last];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/** Remembers the latest texts in two halves, and drops the older half as a whole. */
class Recent {
  private young = new Set<string>();
  private old = new Set<string>();
  private turned = performance.now();

  constructor(
    private readonly ms: number,
    private readonly most: number,
  ) {}

  add(text: string): void {
    this.turn();
    this.young.add(text);
  }

  has(text: string): boolean {
    this.turn();
    return this.young.has(text) || this.old.has(text);
  }

  private turn(): void {
    const elapsed = performance.now() - this.turned;
    if (elapsed < this.ms && this.young.size < this.most) return;
    this.old = elapsed < 2 * this.ms ? this.young : new Set();
    this.young = new Set();
    this.turned = performance.now();
  }
}
