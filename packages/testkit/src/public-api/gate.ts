import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Account } from '../account.ts';
import type { FaultRoute } from '../faults.ts';
import type { World } from '../world.ts';
import {
  type Answer,
  ApiError,
  badKey,
  noCredentials,
  parseError,
  serverError,
  throttled,
  wrongMediaType,
  wrongMethod,
} from './answers.ts';
import { play } from './fault-play.ts';
import { send } from './send.ts';

/** One authenticated call. */
export interface Call {
  world: World;
  account: Account;
  requestId: string;
  id: string;
  query: URLSearchParams;
  /** The path with its query, as asked. */
  url: string;
  /** Set by a `page-shift` fault. */
  shift: number;
  /** The JSON body; an empty one is an empty object. */
  body: () => unknown;
}

export type Handler = (call: Call) => Answer;

const methods: HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Serves one documented path. Other methods on it are 405; other paths (also without the slash) are 404. */
export function publicRoute(
  app: FastifyInstance,
  world: World,
  route: { name: FaultRoute; method: 'GET' | 'POST'; path: string },
  handler: Handler,
): void {
  const url = `/api/public/${route.path}`;
  app.route({
    method: route.method,
    url,
    exposeHeadRoute: false,
    handler: (request, reply) => serve(world, route.name, handler, request, reply),
  });
  app.route({
    method: methods.filter((method) => method !== route.method),
    url,
    exposeHeadRoute: false,
    handler: (request, reply) => serve(world, route.name, () => reject(wrongMethod(request.method)), request, reply),
  });
}

async function serve(
  world: World,
  name: FaultRoute,
  handler: Handler,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const admitted = admit(world, request);
  if ('answer' in admitted) return send(reply, admitted.answer);
  const { account } = admitted;
  const call = callOf(world, account, request);
  const fault = world.faults.take(name, account.id, Number(call.query.get('page') ?? 1));
  world.wire.note(request.raw, { body: textOf(request), fault: fault?.kind ?? null });
  if (account.settings.latency_ms > 0) await pause(world, account.settings.latency_ms);
  if (fault?.kind === 'page-shift') call.shift = fault.by;
  const work = (): Answer => attempt(() => handler(call));
  return fault ? play(world, fault, work, request, reply) : send(reply, work());
}

/** Checks the key, then the limit (docs/certn-api.md 1.2, 1.3). */
function admit(world: World, request: FastifyRequest): { account: Account } | { answer: Answer } {
  try {
    const account = authenticate(world, request);
    world.wire.note(request.raw, { account: account.id, account_name: account.name });
    const wait = world.limits.take(account.id, account.settings, Date.now());
    return wait === undefined ? { account } : reject(throttled(wait));
  } catch (error) {
    return { answer: answerTo(error) };
  }
}

/** `Authorization: Api-Key <key>` and nothing else (docs/certn-api.md 1.2). */
function authenticate(world: World, request: FastifyRequest): Account {
  const header = request.headers.authorization;
  const key = header?.startsWith('Api-Key ') ? header.slice('Api-Key '.length) : undefined;
  if (key === undefined || key === '') throw noCredentials();
  const owner = world.store.ownerOfKey(key);
  if (!owner) throw badKey(401);
  if (!owner.usable) throw badKey(owner.account.settings.refused_key_status);
  return owner.account;
}

function callOf(world: World, account: Account, request: FastifyRequest): Call {
  const mark = request.url.indexOf('?');
  return {
    world,
    account,
    requestId: request.id,
    id: (request.params as { id?: string }).id ?? '',
    query: new URLSearchParams(mark === -1 ? '' : request.url.slice(mark + 1)),
    url: request.url,
    shift: 0,
    body: () => parseBody(request),
  };
}

function parseBody(request: FastifyRequest): unknown {
  const text = textOf(request);
  if (text === null || text === '') return {};
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/json') throw wrongMediaType(type);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw parseError(error instanceof Error ? error.message : 'unreadable');
  }
}

/** Every body is read as text. Only handlers that need JSON parse it. */
function textOf(request: FastifyRequest): string | null {
  return typeof request.body === 'string' ? request.body : null;
}

function attempt(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    return answerTo(error);
  }
}

function answerTo(error: unknown): Answer {
  if (error instanceof ApiError) return error.answer;
  console.error(error);
  return serverError(500).answer;
}

function reject(error: ApiError): never {
  throw error;
}

function pause(world: World, ms: number): Promise<void> {
  return new Promise((resolve) => world.timers.after(ms, resolve));
}
