import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Account, type Package, isUsable, newAccount, newKey, newSecret } from '../account.ts';
import { Refusal, badRequest, notFound } from '../refusal.ts';
import { mergeSettings } from '../settings.ts';
import type { World } from '../world.ts';
import { accountCalled, bodyOf, paramOf, parse, textIn } from './request.ts';

/** Accounts with everything that customers set up in Certn's portal. */
export function registerAccounts(control: FastifyInstance, world: World): void {
  control.get('/accounts', () => [...world.store.accounts.values()].map(showAccount));
  control.get('/accounts/:id', (request) => showAccount(accountCalled(world, paramOf(request))));
  control.post('/accounts', (request, reply) => {
    const { account, made } = findOrMake(world, bodyOf(request));
    return reply.code(made ? 201 : 200).send(showAccount(account));
  });
  control.patch('/accounts/:id', (request) => showAccount(change(world, request)));
  control.put('/accounts/:id/packages', (request) => {
    const account = accountCalled(world, paramOf(request));
    account.packages = packagesIn(parse(typeof request.body === 'string' ? request.body : 'null'));
    world.snapshot.write();
    return showAccount(account);
  });
}

/** The newest usable key is also given as `api_key`. */
function showAccount(account: Account): object {
  const usable = account.api_keys.findLast((key) => isUsable(key, Date.now()));
  return { ...account, api_key: usable?.key ?? null };
}

/** The same name again returns the same account, so that a start script can run twice. */
function findOrMake(world: World, body: Record<string, unknown>): { account: Account; made: boolean } {
  const name = textIn(body, 'name')?.trim();
  if (!name) throw badRequest('"name" is needed.');
  const known = [...world.store.accounts.values()].find((account) => account.name === name);
  if (known) return { account: known, made: false };
  const apiKey = textIn(body, 'api_key');
  refuseForeignKey(world, apiKey);
  const account = newAccount({
    name,
    api_key: apiKey,
    webhook_secret: textIn(body, 'webhook_secret'),
    packages: body.packages === undefined ? undefined : packagesIn(body.packages),
    settings: body.settings,
  });
  world.store.putAccount(account);
  world.snapshot.write();
  return { account, made: true };
}

function change(world: World, request: FastifyRequest): Account {
  const account = accountCalled(world, paramOf(request));
  const body = bodyOf(request);
  account.settings = mergeSettings(account.settings, body.settings);
  changeKeys(world, account, body);
  account.webhook_secret = textIn(body, 'webhook_secret') ?? account.webhook_secret;
  if (body.regenerate_webhook_secret === true) account.webhook_secret = newSecret();
  world.deliveries.resume(account);
  world.snapshot.write();
  return account;
}

/** Add, revoke (by id or value), expire now, or rotate: a new key, all older ones revoked (docs/certn-api.md 1.2). */
function changeKeys(world: World, account: Account, body: Record<string, unknown>): void {
  const { api_keys: keys } = account;
  const named = (field: string) => {
    const value = textIn(body, field);
    const key = keys.find((entry) => entry.id === value || entry.key === value);
    if (value !== undefined && !key) throw notFound('key');
    return key;
  };
  const revoked = named('revoke_key');
  const expired = named('expire_key');
  if (revoked) revoked.revoked = true;
  if (expired) expired.expires = new Date().toISOString();
  if (body.rotate_key === true) keys.forEach((key) => (key.revoked = true));
  if (body.rotate_key === true || body.add_key === true) keys.push(newKey());
  if (typeof body.add_key === 'string') {
    refuseForeignKey(world, body.add_key);
    keys.push(newKey(body.add_key));
  }
  world.store.putAccount(account);
}

function refuseForeignKey(world: World, key: string | undefined): void {
  if (key !== undefined && world.store.ownerOfKey(key)) throw new Refusal(409, 'That key is already in use.');
}

function packagesIn(value: unknown): Package[] {
  if (!Array.isArray(value)) throw badRequest('"packages" must be a list.');
  return value.map((entry: unknown) => {
    const given = Object(entry) as Partial<Package>;
    if (typeof given.name !== 'string') throw badRequest('Every package needs a "name".');
    return {
      id: given.id ?? randomUUID(),
      name: given.name,
      is_active: given.is_active ?? true,
      permissible_purposes: given.permissible_purposes ?? ['EMPLOYMENT'],
      checks: given.checks ?? ['IDENTITY_VERIFICATION_1'],
    };
  });
}
