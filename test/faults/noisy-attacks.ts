import { randomBytes, randomUUID } from 'node:crypto';
import { Agent, type IncomingMessage, request } from 'node:http';
import { pathToFileURL } from 'node:url';
import { webhookPath } from './signed-webhooks.ts';

/** One attack: the input of the process that runs it. */
export interface AttackOrder {
  attack: string;
  urls: string[];
  /** Its source address, in X-Forwarded-For as the proxy in front would set it. */
  from: string;
  token: string;
  seconds: number;
  /** Ids that the attack needs. */
  facts: Record<string, string>;
}

/** Number of answers by status. `0`: no answer, or the connection was cut. */
export type Outcome = Record<string, number>;

interface AttackRequest {
  path: string;
  method?: string;
  body?: string;
  headers?: Record<string, string>;
}

/** Runs one attack. Concurrency and rate are bounded, so that the machine itself is not overloaded. */
class Attacker {
  readonly facts: Record<string, string>;
  readonly statuses: Outcome = {};
  readonly agent = new Agent({ keepAlive: true, maxSockets: 1_000 });
  private readonly order: AttackOrder;
  private readonly end: number;
  private turn = 0;

  constructor(order: AttackOrder) {
    this.order = order;
    this.facts = order.facts;
    this.end = performance.now() + order.seconds * 1_000;
  }

  get left(): number {
    return this.end - performance.now();
  }

  /** Runs `atOnce` loops with at most `perSecond` requests in total. Every answer is read to its end. */
  async many(atOnce: number, perSecond: number, one: (i: number) => AttackRequest): Promise<void> {
    const begun = performance.now();
    let asked = 0;
    const loop = async (): Promise<void> => {
      while (this.left > 0) {
        const i = asked++;
        const early = (i / perSecond) * 1_000 - (performance.now() - begun);
        if (early > 0) await pause(Math.min(early, this.left));
        if (this.left > 0) await this.read(one(i));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, loop));
  }

  /** Opens `count` requests and does not read their answers until the attack ends. */
  async hold(count: number, one: (i: number) => AttackRequest): Promise<void> {
    const held: IncomingMessage[] = [];
    const open = async (i: number): Promise<void> => {
      const answer = await this.send(one(i));
      if (!answer) return;
      answer.on('error', () => undefined);
      held.push(answer);
    };
    const opened = Array.from({ length: count }, (_, i) => i);
    const loop = async (): Promise<void> => {
      for (let i = opened.pop(); i !== undefined && this.left > 0; i = opened.pop()) await open(i);
    };
    await Promise.all(Array.from({ length: openAtOnce }, loop));
    await pause(this.left);
    for (const answer of held) answer.destroy();
  }

  /** Reads an answer for `forMs`, at most until the attack ends. */
  async read(one: AttackRequest, forMs = this.left): Promise<void> {
    const answer = await this.send(one);
    if (!answer) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => answer.destroy(), Math.max(1, forMs));
      answer.on('error', () => undefined);
      answer.resume().once('close', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Headers of a team's user from one address, behind the installation's proxy. */
  headers(): Record<string, string> {
    return { 'x-forwarded-for': this.order.from, authorization: `Bearer ${this.order.token}` };
  }

  url(path: string): string {
    const base = this.order.urls[(this.turn += 1) % this.order.urls.length] ?? '';
    return `${base}${path.startsWith('/certn/') ? '' : '/ats/v0'}${path}`;
  }

  count(status: number): void {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
  }

  private send({ path, method = 'GET', body, headers = {} }: AttackRequest): Promise<IncomingMessage | null> {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = { agent: this.agent, method, headers: { ...this.headers(), ...length, ...headers } };
    return new Promise((resolve) => {
      const asking = request(this.url(path), options, (answer) => {
        this.count(answer.statusCode ?? 0);
        resolve(answer);
      });
      asking.once('error', () => {
        this.count(0);
        resolve(null);
      });
      asking.end(body);
    });
  }
}

/** Requests opened at a time: the attack is the number of open requests, not the speed of opening them. */
const openAtOnce = 8;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
const json = { 'content-type': 'application/json' };
const pick = <T>(choices: T[], i: number): T => choices[i % choices.length] as T;
const post = (path: string, body = '{}'): AttackRequest => ({ method: 'POST', path, body, headers: json });

const searches = (i: number): string =>
  Array.from({ length: 700 }, (_, n) => `search=n${(i * 700 + n).toString(36)}`).join('&');

const webhookEvent = (caseId: string, signature = randomBytes(32).toString('hex')): AttackRequest => ({
  method: 'POST',
  path: webhookPath,
  body: JSON.stringify({ id: randomUUID(), event_type: 'CASE_STATUS_CHANGED', object_id: caseId, object_type: 'CASE' }),
  headers: { ...json, 'x-signature': signature, authorization: '' },
});

/** Sends import lines as fast as they are accepted, and never reads the answer. */
async function unreadImport(on: Attacker): Promise<void> {
  const headers = { ...on.headers(), 'content-type': 'application/x-ndjson' };
  const sending = request(on.url('/imports'), { agent: on.agent, method: 'POST', headers }, (answer) => {
    on.count(answer.statusCode ?? 0);
    answer.on('error', () => undefined);
    if (answer.statusCode !== 200) answer.resume();
  });
  let open = true;
  sending.once('close', () => (open = false));
  sending.on('error', () => on.count(0));
  for (let n = 0; open && on.left > 0; n += 1) {
    const lines = Array.from({ length: 50 }, (_, k) => {
      const [external_id, name] = [`noise-${n}-${k}`, 'Noise '.repeat(20)];
      return JSON.stringify({ type: 'job', external_id, name, status: 'open', stages: [{ name: 'One' }] });
    });
    const room = sending.write(`${lines.join('\n')}\n`);
    if (!room) await Promise.race([new Promise((resolve) => sending.once('drain', resolve)), pause(on.left)]);
    else await pause(5);
  }
  sending.destroy();
}

/** Attacks by one user or by an unauthenticated caller. The key is the name in the printed figures. */
export const attacks: Record<string, (on: Attacker) => Promise<unknown>> = {
  'search by 700 texts': (on) => on.many(32, 200, (i) => ({ path: `/candidates?${searches(i)}` })),
  'pages far behind': (on) =>
    on.many(24, 200, (i) => ({
      path: pick(
        [
          '/background_checks?page=1000000',
          '/candidates?page=40&per_page=500',
          '/background_checks?page=1000000&per_page=500',
          '/audit_log?page=60&per_page=500',
        ],
        i,
      ),
    })),
  '500 open streams': (on) => on.hold(500, () => ({ path: '/updates' })),
  'streams that resume from the first event': async (on) => {
    const resuming = { path: '/updates', headers: { 'last-event-id': '1' } };
    const loop = async (): Promise<void> => {
      while (on.left > 0) await on.read(resuming, Math.min(1_500, on.left));
    };
    await Promise.all(Array.from({ length: 16 }, loop));
  },
  'ids that do not exist': (on) => on.many(32, 300, () => ({ path: `/candidates/${randomUUID()}` })),
  'forged tokens': (on) =>
    on.many(32, 600, () => ({
      path: '/jobs',
      headers: { authorization: `Bearer ${forgedToken(on.facts.token ?? '')}` },
    })),
  'tests of the connection': (on) => on.many(16, 40, () => post('/integrations/certn/test')),
  'webhook events of unknown cases': (on) => on.many(32, 300, () => webhookEvent(randomUUID())),
  'forged webhook events of a known case': (on) => on.many(32, 300, () => webhookEvent(on.facts.caseId ?? '')),
  'twelve imports without reading answers': (on) => Promise.all(Array.from({ length: 12 }, () => unreadImport(on))),
  'bodies of a mebibyte': (on) => {
    const body = JSON.stringify({ first_name: 'A', last_name: 'B', note: 'x'.repeat(1_048_000) });
    return on.many(12, 30, () => post('/candidates', body));
  },
  'a user at their limit': (on) => on.many(32, 300, () => ({ path: '/me' })),
  'exports without reading them': (on) =>
    on.hold(24, () => ({ path: '/audit_log', headers: { accept: 'application/x-ndjson' } })),
  'repeated reports': (on) =>
    on.many(24, 100, () => ({ path: `/background_checks/${on.facts.checkId ?? ''}/results` })),
  'candidates due for erasure, and heavy lists': (on) =>
    on.many(24, 200, (i) => ({
      path: pick(
        [
          '/retention_rule/due?per_page=500',
          '/candidates?search=e&per_page=500',
          '/applications?per_page=500',
          '/background_checks?per_page=500',
        ],
        i,
      ),
    })),
};

/** A well-formed token with a random signature. */
function forgedToken(real: string): string {
  const [header, payload] = real.split('.');
  return `${header}.${payload}.${randomBytes(64).toString('base64url')}`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const order = JSON.parse(process.argv[2] ?? '{}') as AttackOrder;
  const attacker = new Attacker(order);
  await attacks[order.attack]?.(attacker);
  process.stdout.write(JSON.stringify(attacker.statuses));
  process.exit(0);
}
