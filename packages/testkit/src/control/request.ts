import type { FastifyRequest } from 'fastify';
import type { Account } from '../account.ts';
import type { Case } from '../case.ts';
import { badRequest, notFound } from '../refusal.ts';
import type { World } from '../world.ts';

/** The JSON body as an object; a missing body is an empty one. */
export function bodyOf(request: FastifyRequest): Record<string, unknown> {
  if (typeof request.body !== 'string' || request.body === '') return {};
  const parsed = parse(request.body);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw badRequest('The body must be a JSON object.');
  }
  return parsed as Record<string, unknown>;
}

/** The JSON body, which may also be a list. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest('The body is not JSON.');
  }
}

export function textIn(body: Record<string, unknown>, name: string): string | undefined {
  const value = body[name];
  if (value !== undefined && typeof value !== 'string') throw badRequest(`"${name}" must be a string.`);
  return value;
}

export function paramOf(request: FastifyRequest, name = 'id'): string {
  return (request.params as Record<string, string | undefined>)[name] ?? '';
}

export function queryOf(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Record<string, unknown>)[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export const limitOf = (request: FastifyRequest): number => Number(queryOf(request, 'limit') ?? Infinity);

/** Finds an account by id or by name. */
export function accountCalled(world: World, idOrName: string | undefined): Account {
  const account = idOrName === undefined ? undefined : world.store.findAccount(idOrName);
  if (!account) throw notFound('account');
  return account;
}

export function caseCalled(world: World, id: string): Case {
  const found = world.store.cases.get(id);
  if (!found) throw notFound('case');
  return found;
}
