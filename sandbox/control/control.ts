import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Account } from '../account.ts';
import type { Case } from '../case.ts';
import { Refusal, badRequest, notFound } from '../refusal.ts';
import { type World, resetWorld } from '../world.ts';
import { registerAccounts } from './accounts.ts';
import { registerCaseControl } from './cases.ts';
import { registerFaults } from './faults.ts';
import { registerObservations } from './observations.ts';
import { registerPortal } from './portal.ts';

/** The stand-in's own controls, for tests and the page. Certn has nothing like them. Reachable from this machine only. */
export function registerControl(app: FastifyInstance, world: World): void {
  void app.register(
    async (control) => {
      control.addHook('onRequest', async (request) => refuseStrangers(request));
      registerAccounts(control, world);
      registerPortal(control, world);
      registerCaseControl(control, world);
      registerObservations(control, world);
      registerFaults(control, world);
      control.post('/reset', (_request, reply) => {
        resetWorld(world);
        return reply.code(204).send();
      });
    },
    { prefix: '/control' },
  );
}

/** Refuses other machines, and other sites in the same browser. */
function refuseStrangers(request: FastifyRequest): void {
  const from = request.ip.replace(/^::ffff:/, '');
  const { origin, host } = request.headers;
  const ownPage = origin === undefined || URL.parse(origin)?.host === host;
  if (ownPage && (from === '::1' || from.startsWith('127.'))) return;
  throw new Refusal(403, 'The control API answers to this machine only.');
}

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
