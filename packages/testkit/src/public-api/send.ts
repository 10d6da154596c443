import type { FastifyReply } from 'fastify';
import type { Answer } from './answers.ts';

export function send(reply: FastifyReply, answer: Answer): FastifyReply {
  reply.code(answer.status);
  for (const [name, value] of Object.entries(headersOf(answer))) void reply.header(name, value);
  const text = textOf(answer.body);
  return text === undefined ? reply.send() : reply.send(text);
}

export function headersOf(answer: Answer): Record<string, string> {
  return { ...(answer.body === undefined ? {} : { 'content-type': typeOf(answer.body) }), ...answer.headers };
}

/** A string is sent as it is, anything else as JSON. */
export function textOf(body: unknown): string | undefined {
  if (body === undefined || typeof body === 'string') return body;
  return JSON.stringify(body);
}

function typeOf(body: unknown): string {
  if (typeof body !== 'string') return 'application/json';
  return body.trimStart().startsWith('<') ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8';
}
