import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as bodyOf } from 'node:stream/consumers';

/** How the stand-in fails. `after`: it executes the request first. */
export interface StandInFault {
  after?: boolean;
  how: 'hang' | 'reset' | { status: number; headers?: Record<string, string>; body?: string };
}

interface Screening {
  ref: string;
  phase: string;
  verdict: string | null;
  product: string;
  person: { email: string };
  opened_at: number;
}

export interface StandInAccount {
  key: string;
  products: { code: string; title: string; retired: boolean }[];
  screenings: Map<string, Screening>;
  /** The screening of each idempotency key. */
  byOrder: Map<string, string>;
  /** The idempotency key of every order that arrived, whatever became of it. */
  orders: string[];
  fault: StandInFault | null;
}

interface Answer {
  status: number;
  body: unknown;
}

const pageSize = 50;
const problem = (status: number, text: string): Answer => ({ status, body: { problem: text } });

/** Plainscreen over real HTTP, on loopback. Shares no code with the vendor's folder. */
export class StandIn {
  private readonly accounts = new Map<string, StandInAccount>();
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve).closeAllConnections());
  }

  addAccount(products: StandInAccount['products']): StandInAccount {
    const key = `ps-${randomUUID()}`;
    const account = { key, products, screenings: new Map(), byOrder: new Map(), orders: [], fault: null };
    this.accounts.set(key, account);
    return account;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = request.method === 'POST' ? await bodyOf(request) : null;
    const account = this.accounts.get((request.headers.authorization ?? '').replace('Bearer ', ''));
    if (!account) return send(response, problem(401, 'That key is not known.'));
    const key = request.headers['idempotency-key'];
    if (typeof key === 'string') account.orders.push(key);
    const { fault } = account;
    if (!fault) return send(response, this.handle(account, request, body));
    if (fault.after) this.handle(account, request, body);
    if (fault.how === 'hang') return;
    if (fault.how === 'reset') return void response.destroy();
    response.writeHead(fault.how.status, fault.how.headers).end(fault.how.body ?? '');
  }

  private handle(account: StandInAccount, request: IncomingMessage, body: unknown): Answer {
    const url = new URL(request.url ?? '', 'http://stand-in');
    const [, , kind, ref, act] = url.pathname.split('/');
    if (kind === 'account') return { status: 200, body: { name: 'An account' } };
    if (kind === 'products') return this.products(account, Number(url.searchParams.get('after')));
    if (request.method === 'POST' && ref === undefined) return order(account, request.headers['idempotency-key'], body);
    const found = account.screenings.get(ref ?? '');
    if (!found) return problem(404, 'There is no such screening.');
    if (act !== 'call-off') return { status: 200, body: found };
    if (['called_off', 'done'].includes(found.phase)) return problem(409, 'It is too late to cancel this screening.');
    found.phase = 'called_off';
    return { status: 202, body: found };
  }

  private products({ products }: StandInAccount, after: number): Answer {
    const end = after + pageSize;
    return {
      status: 200,
      body: { products: products.slice(after, end), next: end < products.length ? String(end) : null },
    };
  }
}

function order(account: StandInAccount, key: string | string[] | undefined, body: unknown): Answer {
  const { product, person } = body as Pick<Screening, 'product' | 'person'>;
  if (typeof key !== 'string') return problem(422, 'An idempotency key is needed.');
  const before = account.screenings.get(account.byOrder.get(key) ?? '');
  if (before) return { status: 200, body: before };
  if (!account.products.some(({ code, retired }) => code === product && !retired))
    return problem(422, `There is no package ${product}.`);
  const opened = { ref: `scr_${randomUUID()}`, phase: 'queued', verdict: null, product, person };
  const screening = { ...opened, opened_at: Math.floor(Date.now() / 1000) };
  account.screenings.set(screening.ref, screening);
  account.byOrder.set(key, screening.ref);
  return { status: 201, body: screening };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
