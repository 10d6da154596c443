import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type LookupFunction, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

type HandOver = (error: Error | null, socket: Duplex) => void;
type Connecting = Duplex | null | undefined;

/**
 * One connection for one request. The request gets the socket only after the connection is established and, with TLS, the
 * certificate is verified. So while `handedOver` is false, no byte of the request can have left this machine.
 */
export class FreshConnection {
  handedOver = false;
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  private socket: Duplex | null = null;
  private closed = false;
  private readonly isOver: () => boolean;

  /** `isOver` is called when the socket is ready. If it returns true, the socket is not handed over. */
  constructor({ lookup, isOver }: { lookup?: LookupFunction; isOver?: () => boolean } = {}) {
    this.isOver = isOver ?? (() => false);
    const watch = this.watch.bind(this);
    this.httpAgent = new (class extends HttpAgent {
      override createConnection(...[options, handOver]: Parameters<HttpAgent['createConnection']>): Connecting {
        return watch(super.createConnection(options), 'connect', handOver);
      }
    })({ keepAlive: false, lookup });
    this.httpsAgent = new (class extends HttpsAgent {
      override createConnection(...[options, handOver]: Parameters<HttpsAgent['createConnection']>): Connecting {
        return watch(super.createConnection(options), 'secureConnect', handOver);
      }
    })({ keepAlive: false, maxCachedSessions: 0, lookup });
  }

  endWhenIdle(ms: number): void {
    const { socket } = this;
    if (socket instanceof Socket) socket.setTimeout(ms, () => socket.destroy());
  }

  /** Ends the connection in any state. Nothing is handed over afterwards. */
  close(): void {
    this.closed = true;
    this.socket?.destroy();
    this.httpAgent.destroy();
    this.httpsAgent.destroy();
  }

  /** Returns undefined, which tells the agent that the socket comes through `handOver`. */
  private watch(socket: Connecting, ready: 'connect' | 'secureConnect', handOver?: HandOver): undefined {
    if (!socket || !handOver) throw new Error('no socket to watch');
    this.socket = socket;
    socket.on('error', (error) => {
      if (!this.handedOver) handOver(error, socket);
    });
    socket.once(ready, () => {
      if (this.closed) return;
      if (this.isOver()) return handOver(new Error('The time for this request was over before it left.'), socket);
      this.handedOver = true;
      handOver(null, socket);
    });
  }
}
