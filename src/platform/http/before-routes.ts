import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { frameworkRefusal } from './refusal.js';

/** Tells browsers that API answers are data, never a page, a script or a frame. The console's page sets its own policy. */
export const guards = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
};

const headersOf = (requestId: string): Record<string, string> => ({
  'x-request-id': requestId,
  'cache-control': 'no-store',
  ...guards,
});

/** Answers a request whose address the router cannot parse. No hook has run before. */
export function refuseAddress(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode = 400 } = error as { statusCode?: number };
  void reply.headers(headersOf(request.id)).status(statusCode).send(frameworkRefusal(statusCode));
}

const statusOfClientError: Partial<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
};

/** Answers bytes that are not an HTTP request. There is no request object yet, only a socket. */
export function refuseBytes(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const refusal = frameworkRefusal(statusOfClientError[error.code ?? ''] ?? 400);
    const body = JSON.stringify(refusal);
    const headers = {
      ...headersOf(randomUUID()),
      connection: 'close',
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`HTTP/1.1 ${refusal.code} ${refusal.status}\r\n${lines.join('')}\r\n${body}`);
  }
  socket.destroy(error);
}

/** Answers `Expect:` with any value but 100-continue. Node would answer without a body. */
export function refuseExpectations(fastify: FastifyInstance): void {
  fastify.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const body = JSON.stringify(frameworkRefusal(417));
    response
      .writeHead(417, {
        ...headersOf(randomUUID()),
        'content-type': 'application/json; charset=utf-8',
        'content-length': String(Buffer.byteLength(body)),
      })
      .end(body);
  });
}
