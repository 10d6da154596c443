import { type CanActivate, type ExecutionContext, Injectable, NotAcceptableException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { publicKey } from '../auth/requires.js';
import type { Refusal } from './refusal.js';

const json = 'application/json';
const problemJson = 'application/problem+json';
/** Where `@nestjs/swagger` keeps what `ApiProduces` says; it does not export the name. */
const apiProduces = 'swagger/apiProduces';

/**
 * Refuses a request (406) whose `Accept` allows none of the content types that the route's description names with `ApiProduces`;
 * by default JSON. Public routes answer everyone: probes and browsers send what they like.
 */
@Injectable()
export class AcceptGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(publicKey, targets)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const types = this.reflector.getAllAndOverride<string[] | undefined>(apiProduces, targets) ?? [json];
    // A client that asks for problem details means how errors are sent.
    if (request.accepts().type([...types, problemJson]) === false) throw new NotAcceptableException();
    return true;
  }
}

/** Sends an error in the contract's shape, or as problem details (RFC 9457) to a client that prefers those. */
export function sendRefusal(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): void {
  const { body, type } = formOf(request, refusal);
  void reply.status(refusal.code).type(`${type}; charset=utf-8`).send(body);
}

/** The body of an error and its content type, in the form that the client prefers. */
export function formOf(request: FastifyRequest, refusal: Refusal): { body: string; type: string } {
  if (request.accepts().type([json, problemJson]) !== problemJson) return { body: JSON.stringify(refusal), type: json };
  const { code, status, message, reason, errors } = refusal;
  const instance = `urn:uuid:${request.id}`;
  const problem = { type: 'about:blank', title: status, status: code, detail: message, instance, reason, errors };
  return { body: JSON.stringify(problem), type: problemJson };
}

/** Headers of an answer that do not fit the refusal in its place. */
const ofAnswer = ['content-length', 'content-disposition', 'etag', 'link', 'x-total-count', 'x-total-count-capped'];

/** Turns an answer that is about to be sent into a refusal. Returns its body. */
export function answerInstead(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): string {
  for (const name of ofAnswer) void reply.removeHeader(name);
  const { body, type } = formOf(request, refusal);
  void reply.status(refusal.code).type(`${type}; charset=utf-8`);
  return body;
}
