import { createServer, type AddressInfo, type Server, type Socket, connect } from 'node:net';
import { freePort } from '../../scripts/free-port.ts';

/** `out`: from client to server. `back`: from server to client. */
export type Direction = 'out' | 'back';

/** A chunk of bytes in transit, with its context on the connection. */
export interface Piece {
  direction: Direction;
  /** As Latin-1, with the text of each prepared statement after its name. */
  text: string;
  /** Bytes sent out since the last `begin`, or since the end of the last transaction: what a commit would commit. */
  transaction: string;
  /** Bytes sent out since the last answer: the request that a piece coming back answers. */
  asked: string;
}

export type Match = (piece: Piece) => boolean;

/** Bytes that the proxy holds, with everything that follows them on the connection in the same direction. */
export interface HeldBytes {
  text: string;
  /** Forwards them, even when the sender is dead. */
  release: () => void;
  /** Drops them and ends the connection. */
  discard: () => void;
}

/** `refuse`: connections are refused. `silent`: connections are accepted, bytes are dropped, nothing ends (half-open). */
export type Mode = 'pass' | 'refuse' | 'silent';

/** Postgres' simple queries. The words alone also occur in comments and data. */
const begins = /^Q[^]{4}begin\b/i;
const ends = /^Q[^]{4}(commit|rollback)\b(?! to)/i;

/** How the service names the statements that it prepares. Their texts are sent once, and only the names afterwards. */
const statementName = '(?:team|across)_[\\w-]{22}';
const parsed = new RegExp(`P[^]{4}(${statementName})\\0([^\\0]*)\\0`, 'g');
const named = new RegExp(`(${statementName})\\0`, 'g');

const rememberedBytes = 128 * 1024;

/** A TCP proxy on the loopback interface that can cause faults. */
export class FaultProxy {
  port = 0;
  mode: Mode = 'pass';
  /** Delay of every piece. */
  delayMs = 0;
  /** Total number of connections so far. */
  connections = 0;
  private server: Server | undefined;
  private readonly target: () => number | null;
  private readonly links = new Set<Link>();
  private readonly rules = new Set<Rule>();

  /** `target` is called for every connection. Null refuses the connection. */
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

  /** Resolves with the next matching bytes, held until `release` or `discard`. */
  hold(match: Match): Promise<HeldBytes> {
    return new Promise((resolve) => this.rules.add({ match, caught: resolve }));
  }

  /** Cuts the connection of the next matching piece, before or after the piece. */
  async cut(match: Match, where: 'before' | 'after' = 'before'): Promise<void> {
    const held = await this.hold(match);
    if (where === 'after') held.release();
    held.discard();
  }

  /** Resets the connection after this many bytes have come back. */
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

  /** Resets every open connection on both sides. */
  resetAll(): void {
    for (const link of this.links) link.reset();
  }

  /** Resets each open connection for which `chance` returns true. */
  resetSome(chance: () => boolean): void {
    for (const link of this.links) if (chance()) link.reset();
  }

  /** Cancels holds that have caught nothing: all, or those of one match. */
  cancelHolds(match?: Match): void {
    for (const rule of this.rules) if (match === undefined || rule.match === match) this.rules.delete(rule);
  }

  /** Cancels holds and the delay. */
  clear(): void {
    this.cancelHolds();
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
    const current = piece();
    const rule = [...this.rules].find(({ match }) => match(current));
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
    link.onceClosed(() => this.links.delete(link));
  }
}

interface Rule {
  match: Match;
  caught: (held: HeldBytes) => void;
}

/** One proxied connection: the client's socket and the server's. */
class Link {
  private readonly proxy: FaultProxy;
  private readonly client: Socket;
  private readonly server: Socket;
  private readonly statements = new Map<string, string>();
  private transaction = '';
  private asked = '';
  private answered = false;
  private transactionEnded = false;
  private readonly held: Record<Direction, Buffer[] | null> = { out: null, back: null };
  private readonly ended: Record<Direction, boolean> = { out: false, back: false };

  constructor(proxy: FaultProxy, client: Socket, port: number) {
    this.proxy = proxy;
    this.client = client;
    this.server = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.join('out', client, this.server);
    this.join('back', this.server, client);
  }

  onceClosed(tell: () => void): void {
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
    const text = this.readable(direction, bytes);
    if (this.proxy.watching) this.remember(direction, text);
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

  private readable(direction: Direction, bytes: Buffer): string {
    const text = bytes.toString('latin1');
    if (direction === 'back') return text;
    for (const [, name = '', statement = ''] of text.matchAll(parsed)) this.statements.set(name, statement);
    if (this.statements.size === 0) return text;
    return text.replace(named, (_, name: string) => `${name} ${this.statements.get(name) ?? ''}\0`);
  }

  private remember(direction: Direction, text: string): void {
    if (direction === 'back') {
      this.answered = true;
      return;
    }
    if (this.answered) this.asked = '';
    this.answered = false;
    if (begins.test(text) || this.transactionEnded) this.transaction = '';
    this.transactionEnded = ends.test(text);
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

  /** Held bytes of a dead sender can still be delivered. Otherwise the connection ends with the sender. */
  private gone(direction: Direction, to: Socket): void {
    this.ended[direction] = true;
    if (this.proxy.mode === 'silent' || this.held[direction]) return;
    setTimeout(() => to.destroySoon(), this.proxy.delayMs);
  }
}
