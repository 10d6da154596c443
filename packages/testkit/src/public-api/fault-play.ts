import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Fault, FaultKind } from '../faults.ts';
import type { World } from '../world.ts';
import { type Answer, throttled, usualError } from './answers.ts';
import { headersOf, send, textOf } from './send.ts';

interface Scene {
  world: World;
  fault: Fault;
  /** Does the work of the call and returns how Certn would answer. */
  work: () => Answer;
  request: FastifyRequest;
  reply: FastifyReply;
}

type Player = (scene: Scene) => FastifyReply | Promise<FastifyReply>;

const html = '<!doctype html><html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>';
/** Long enough for the headers to reach the client before the connection is reset. */
const headersTravelMs = 30;
const drips = 10;

/** How each fault looks on the wire (docs/reliability.md, rows E). */
const players: Record<FaultKind, Player> = {
  status: ({ fault, reply }) => send(reply, spoiled(fault, 500)),
  'status-after-commit': ({ fault, reply, work }) => {
    work();
    return send(reply, spoiled(fault, 500));
  },
  'hang-before-commit': async (scene) => {
    await pause(scene);
    return send(scene.reply, spoiled(scene.fault, 504));
  },
  'commit-then-hang': async (scene) => {
    const answer = scene.work();
    await pause(scene);
    return send(scene.reply, answer);
  },
  'hang-then-commit': async (scene) => {
    await pause(scene);
    return send(scene.reply, scene.work());
  },
  'reset-before': ({ request, reply }) => reset(request, reply),
  'reset-after-commit': ({ request, reply, work }) => {
    work();
    return reset(request, reply);
  },
  'reset-after-headers': ({ world, request, reply, work }) => {
    startWriting(reply, work());
    reply.raw.flushHeaders();
    world.timers.after(headersTravelMs, () => request.raw.socket.resetAndDestroy());
    return reply;
  },
  'truncated-json': ({ reply, work }) => {
    const answer = work();
    const text = textOf(answer.body) ?? '{"id":';
    const cut = text.slice(0, Math.floor(text.length / 2));
    return send(reply, { ...answer, body: cut, headers: { 'content-type': 'application/json' } });
  },
  'html-200': ({ fault, reply, work }) => {
    work();
    return send(reply, { status: 200, body: fault.body ?? html.replaceAll('Bad gateway', 'Please wait') });
  },
  'no-id-201': ({ reply, work }) => send(reply, withoutId(work())),
  'wrong-type-id': ({ reply, work }) => send(reply, withNumericId(work())),
  'slow-body': ({ world, fault, reply, work }) => {
    drip(world, fault, startWriting(reply, work()), reply.raw);
    return reply;
  },
  throttle: ({ fault, reply }) => send(reply, throttled(fault.retry_after).answer),
  'throttle-foreign': ({ fault, reply }) =>
    send(
      reply,
      withRetryAfter(fault, { status: 429, body: fault.body ?? html.replaceAll('Bad gateway', 'Slow down') }),
    ),
  redirect: ({ fault, request, reply }) => {
    const mark = request.url.includes('?') ? '&' : '?';
    const location = fault.location ?? `${request.url}${mark}redirected=1`;
    return send(reply, { status: fault.status ?? 307, headers: { location } });
  },
  // The list applies the shift from the call itself.
  'page-shift': ({ reply, work }) => send(reply, work()),
};

export function play(
  world: World,
  fault: Fault,
  work: () => Answer,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | Promise<FastifyReply> {
  return players[fault.kind]({ world, fault, work, request, reply });
}

function spoiled(fault: Fault, fallback: number): Answer {
  const status = fault.status ?? fallback;
  const usual = usualError(status);
  return withRetryAfter(fault, fault.body === null ? usual : { status, body: fault.body });
}

function withRetryAfter(fault: Fault, answer: Answer): Answer {
  if (fault.retry_after === null) return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(fault.retry_after) } };
}

/** Continues after the client has left: that is the point of `hang-then-commit`. */
function pause({ world, fault }: Scene): Promise<void> {
  return new Promise((resolve) => world.timers.after(fault.ms, resolve));
}

function reset(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.resetAndDestroy();
  return reply;
}

/** Takes over the answer from the framework and announces the whole body in Content-Length. */
function startWriting(reply: FastifyReply, answer: Answer): string {
  const text = textOf(answer.body) ?? '';
  reply.hijack();
  reply.raw.writeHead(answer.status, { ...headersOf(answer), 'content-length': Buffer.byteLength(text) });
  return text;
}

/** Sends the headers at once and the body in ten pieces over the fault's time. */
function drip(world: World, fault: Fault, text: string, response: ServerResponse): void {
  const bytes = Buffer.from(text);
  const size = Math.ceil(bytes.length / drips);
  response.flushHeaders();
  for (let piece = 0; piece < drips; piece += 1) {
    world.timers.after(((piece + 1) * fault.ms) / drips, () => {
      response.write(bytes.subarray(piece * size, (piece + 1) * size));
      if (piece === drips - 1) response.end();
    });
  }
}

function withoutId(answer: Answer): Answer {
  const { id: _, case_report_file_id: __, ...rest } = Object(answer.body) as Record<string, unknown>;
  return { ...answer, body: rest };
}

function withNumericId(answer: Answer): Answer {
  return { ...answer, body: { ...(Object(answer.body) as object), id: 4711 } };
}
