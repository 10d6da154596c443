import { createServer, type AddressInfo, type Server, type Socket, connect } from 'node:net';
import { freePort } from '../../scripts/free-port.ts';

/** `out`: from the one who connected to the one who listens. `back`: the other way. */
export type Direction = 'out' | 'back';

/** Some bytes on their way, and what was said on that connection before. */
export interface Piece {
  direction: Direction;
  text: string;
  /** What went out since the last `begin`, or since the last transaction ended: what a commit would commit. */
  transaction: string;
  /** What went out since something last came back: the question that a piece coming back answers. */
  asked: string;
}

export type Match = (piece: Piece) => boolean;

/** Bytes that the proxy keeps, and with them whatever follows on that connection in that direction. */
export interface HeldBytes {
  text: string;
  /** Lets them go on, also when the one who sent them is dead by now. */
  release: () => void;
  /** They never arrive; the connection ends. */
  discard: () => void;
}

/** `refuse`: nobody listens. `silent`: connections are taken, bytes swallowed, nothing ever ends (half-open). */
export type Mode = 'pass' | 'refuse' | 'silent';

/** Postgres' simple queries. The words alone also stand in comments and in data. */
const begins = /^Q[^]{4}begin\b/i;
const ends = /^Q[^]{4}(commit|rollback)\b(?! to)/i;

const rememberedBytes = 128 * 1024;

/** A TCP proxy on this machine's loopback that can be told to misbehave. */
export class FaultProxy {
  port = 0;
  mode: Mode = 'pass';
  /** Every piece arrives this much later. */
  delayMs = 0;
  /** Connections that were ever made. */
  connections = 0;
  private server: Server | undefined;
  private readonly target: () => number | null;
  private readonly links = new Set<Link>();
  private readonly rules = new Set<Rule>();

  /** `target` is asked anew for every connection; null refuses it. */
  static async start(target: () => number | null): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await proxy.listen(await freePort());
    return proxy;
  }

  private constructor(target: () => number | null) {
    this.target = target;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves with the next bytes that match, kept until released or discarded. */
  hold(match: Match): Promise<HeldBytes> {
    return new Promise((resolve) => this.rules.add({ match, caught: resolve }));
  }

  /** Cuts the connection in which the next matching piece appears, before that piece (`before`) or behind it. */
  async cut(match: Match, where: 'before' | 'behind' = 'before'): Promise<void> {
    const held = await this.hold(match);
    if (where === 'behind') held.release();
    held.discard();
  }

  /** Resets the next connection once so many bytes came back on it. */
  resetAfter(bytes: number): Promise<void> {
    let seen = 0;
    return this.cut(({ direction, text }) => direction === 'back' && (seen += text.length) > bytes);
  }

  async setMode(mode: Mode): Promise<void> {
    const before = this.mode;
    this.mode = mode;
    if (mode === 'refuse') await this.stopListening();
    else if (before === 'refuse') await this.listen(this.port);
    if (mode === 'pass' && before === 'silent') this.resetAll();
  }

  /** Every open connection ends at once, with a reset on both sides. */
  resetAll(): void {
    for (const link of this.links) link.reset();
  }

  /** Some of the open connections end, as `chance` says for each. */
  resetSome(chance: () => boolean): void {
    for (const link of this.links) if (chance()) link.reset();
  }

  /** Holds that caught nothing so far are given up: all of them, or those of one match. */
  forgetHolds(match?: Match): void {
    for (const rule of this.rules) if (match === undefined || rule.match === match) this.rules.delete(rule);
  }

  /** No more holds, no more delay. */
  clear(): void {
    this.forgetHolds();
    this.delayMs = 0;
  }

  get open(): number {
    return this.links.size;
  }

  async close(): Promise<void> {
    this.rules.clear();
    this.resetAll();
    await this.stopListening();
  }

  /** @internal */
  ruleFor(piece: () => Piece): Rule | undefined {
    if (this.rules.size === 0) return undefined;
    const met = piece();
    const rule = [...this.rules].find(({ match }) => match(met));
    if (rule) this.rules.delete(rule);
    return rule;
  }

  get watching(): boolean {
    return this.rules.size > 0;
  }

  private async listen(port: number): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.accept(socket));
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  private async stopListening(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.resetAll();
    await closed;
  }

  private accept(socket: Socket): void {
    this.connections += 1;
    const port = this.target();
    if (port === null) {
      socket.on('error', () => undefined);
      socket.resetAndDestroy();
      return;
    }
    const link = new Link(this, socket, port);
    this.links.add(link);
    link.whenGone(() => this.links.delete(link));
  }
}

interface Rule {
  match: Match;
  caught: (held: HeldBytes) => void;
}

/** One connection and its other half. */
class Link {
  private readonly proxy: FaultProxy;
  private readonly client: Socket;
  private readonly server: Socket;
  private transaction = '';
  private asked = '';
  private answered = false;
  private over = false;
  private readonly held: Record<Direction, Buffer[] | null> = { out: null, back: null };
  private readonly ended: Record<Direction, boolean> = { out: false, back: false };

  constructor(proxy: FaultProxy, client: Socket, port: number) {
    this.proxy = proxy;
    this.client = client;
    this.server = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.join('out', client, this.server);
    this.join('back', this.server, client);
  }

  whenGone(tell: () => void): void {
    let left = 2;
    for (const socket of [this.client, this.server]) socket.once('close', () => (left -= 1) === 0 && tell());
  }

  reset(): void {
    this.client.resetAndDestroy();
    this.server.resetAndDestroy();
  }

  private join(direction: Direction, from: Socket, to: Socket): void {
    from.on('data', (bytes) => this.take(direction, bytes, from, to));
    from.on('end', () => this.end(direction, to));
    from.on('error', () => undefined);
    from.once('close', () => this.gone(direction, to));
    to.on('drain', () => from.resume());
  }

  private take(direction: Direction, bytes: Buffer, from: Socket, to: Socket): void {
    if (this.proxy.mode === 'silent') return;
    const waiting = this.held[direction];
    if (waiting) return void waiting.push(bytes);
    if (this.proxy.watching) this.remember(direction, bytes);
    const text = bytes.toString('latin1');
    const { transaction, asked } = this;
    const rule = this.proxy.ruleFor(() => ({ direction, text, transaction, asked }));
    if (rule) return this.keep(rule, direction, bytes, to);
    const { delayMs } = this.proxy;
    if (delayMs > 0) setTimeout(() => this.pass(bytes, from, to), delayMs);
    else this.pass(bytes, from, to);
  }

  private pass(bytes: Buffer, from: Socket, to: Socket): void {
    if (!to.destroyed && to.writable && !to.write(bytes)) from.pause();
  }

  private remember(direction: Direction, bytes: Buffer): void {
    if (direction === 'back') {
      this.answered = true;
      return;
    }
    const text = bytes.toString('latin1');
    if (this.answered) this.asked = '';
    this.answered = false;
    if (begins.test(text) || this.over) this.transaction = '';
    this.over = ends.test(text);
    this.asked = (this.asked + text).slice(-rememberedBytes);
    this.transaction = (this.transaction + text).slice(-rememberedBytes);
  }

  private keep(rule: Rule, direction: Direction, bytes: Buffer, to: Socket): void {
    const kept = [bytes];
    this.held[direction] = kept;
    rule.caught({
      text: bytes.toString('latin1'),
      release: () => {
        this.held[direction] = null;
        for (const piece of kept) if (!to.destroyed && to.writable) to.write(piece);
        if (this.ended[direction]) to.end();
      },
      discard: () => this.reset(),
    });
  }

  private end(direction: Direction, to: Socket): void {
    this.ended[direction] = true;
    if (this.proxy.mode === 'silent' || this.held[direction]) return;
    setTimeout(() => to.end(), this.proxy.delayMs);
  }

  /** What a dead sender had said is still delivered, when it was held; everything else ends with it. */
  private gone(direction: Direction, to: Socket): void {
    this.ended[direction] = true;
    if (this.proxy.mode === 'silent' || this.held[direction]) return;
    setTimeout(() => to.destroySoon(), this.proxy.delayMs);
  }
}
