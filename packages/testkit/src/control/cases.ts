import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Case, inviteLink } from '../case.ts';
import { act, portalCase, setRaw } from '../case-actions.ts';
import { isAction, possibleActions } from '../lifecycle.ts';
import { badRequest, notFound } from '../refusal.ts';
import type { World } from '../world.ts';
import { accountCalled, bodyOf, caseCalled, limitOf, paramOf, queryOf, textIn } from './request.ts';

/** Acts for the candidate and for Certn. */
export function registerCaseControl(control: FastifyInstance, world: World): void {
  control.get('/cases', (request) => listed(world, request).map((found) => show(world, found)));
  control.get('/cases/:id', (request) => show(world, caseCalled(world, paramOf(request))));
  control.post('/cases', (request, reply) => reply.code(201).send(show(world, madeInPortal(world, bodyOf(request)))));
  control.post('/cases/:id/:action', (request) => {
    const found = caseCalled(world, paramOf(request));
    move(world, found, paramOf(request, 'action'), bodyOf(request));
    return show(world, found);
  });
  control.get('/candidates/:token', (request) => show(world, ofCandidate(world, request)));
}

/** Newest first; `search` looks for part of an address or case id. */
function listed(world: World, request: FastifyRequest): Case[] {
  const named = queryOf(request, 'account');
  const email = queryOf(request, 'email');
  const part = queryOf(request, 'search')?.toLowerCase();
  const accounts = named === undefined ? [...world.store.accounts.values()] : [accountCalled(world, named)];
  const found = accounts.flatMap((account) => world.store.casesOf(account.id, email));
  const fitting = part === undefined ? found : found.filter((entry) => textOf(entry).includes(part));
  return fitting.sort((one, other) => (one.created < other.created ? 1 : -1)).slice(0, limitOf(request));
}

const textOf = (found: Case): string => `${found.email_address} ${found.short_id} ${found.id}`.toLowerCase();

function move(world: World, found: Case, action: string, body: Record<string, unknown>): void {
  if (action === 'set') return setRaw(world, found, body.status, body.score);
  if (!isAction(action)) throw notFound('action');
  act(world, found, action, body.score);
}

function madeInPortal(world: World, body: Record<string, unknown>): Case {
  const account = accountCalled(world, textIn(body, 'account'));
  const email = textIn(body, 'email_address') ?? textIn(body, 'email');
  const created = textIn(body, 'created') ?? new Date().toISOString();
  if (!email) throw badRequest('"email_address" is needed.');
  if (Number.isNaN(Date.parse(created))) throw badRequest('"created" must be a time.');
  const wanted = textIn(body, 'package');
  const chosen = wanted === undefined ? account.packages[0] : account.packages.find((entry) => entry.id === wanted);
  if (wanted !== undefined && !chosen) throw notFound('package');
  return portalCase(world, account, {
    created: new Date(created).toISOString(),
    package: chosen ?? null,
    email_address: email,
    send_invite_email: body.send_invite_email !== false,
  });
}

function ofCandidate(world: World, request: FastifyRequest): Case {
  const found = world.store.caseOfToken(paramOf(request, 'token'));
  if (!found) throw notFound('invitation');
  return found;
}

/** Everything about a case, also what the API does not show. */
function show(world: World, found: Case): object {
  const account = world.store.accounts.get(found.account);
  return {
    ...found,
    account_name: account?.name ?? null,
    package_name: account?.packages.find((entry) => entry.id === found.package)?.name ?? null,
    invite_link: inviteLink(world.url, found),
    possible_actions: possibleActions(found.overall_status),
  };
}
