import type { FastifyInstance } from 'fastify';
import type { Account, Package } from '../account.ts';
import type { FaultRoute } from '../faults.ts';
import type { World } from '../world.ts';
import { type Answer, missing } from './answers.ts';
import { type Call, publicRoute } from './gate.ts';
import { page } from './pages.ts';

/** What customers set up in the portal and the API only reads (docs/certn-api.md 2.8, 3). */
export function registerCatalogue(app: FastifyInstance, world: World): void {
  publicRoute(app, world, { name: 'packages', method: 'GET', path: 'packages/' }, listPackages);
  readable(app, world, 'groups', (account) => account.groups, ['id', 'is_active', 'name', 'parent_id']);
  readable(app, world, 'users', (account) => account.users, ['id', 'email', 'full_name', 'group', 'is_active', 'role']);
  readable(app, world, 'tags', (account) => account.tags, ['id', 'is_active', 'name']);
}

/** docs/certn-api.md 3: filters `is_active` and, repeatable, `permissible_purposes`. */
function listPackages(call: Call): Answer {
  const purposes = call.query.getAll('permissible_purposes');
  const active = call.query.get('is_active');
  const found = call.account.packages.filter(
    (entry) =>
      (active === null || String(entry.is_active) === active.toLowerCase()) &&
      (purposes.length === 0 || purposes.some((purpose) => entry.permissible_purposes.includes(purpose))),
  );
  return page(call, found, (entry) => showPackage(call.account, entry));
}

/** Only `id` is certain (docs/certn-api.md 3). With `package_fields: id` nothing else is shown. */
function showPackage(account: Account, { checks, ...entry }: Package): object {
  if (account.settings.package_fields === 'id') return { id: entry.id };
  return { ...entry, check_types_with_arguments: Object.fromEntries(checks.map((type) => [type, {}])) };
}

function readable<Item extends { id: string }>(
  app: FastifyInstance,
  world: World,
  name: FaultRoute & ('groups' | 'users' | 'tags'),
  itemsOf: (account: Account) => Item[],
  filters: (keyof Item & string)[],
): void {
  publicRoute(app, world, { name, method: 'GET', path: `${name}/` }, (call) =>
    page(call, itemsOf(call.account).filter(matching(call, filters)), (item) => item),
  );
  publicRoute(app, world, { name, method: 'GET', path: `${name}/:id/` }, (call) => {
    const found = itemsOf(call.account).find((item) => item.id === call.id);
    if (!found) throw missing();
    return { status: 200, body: found };
  });
}

function matching<Item>(call: Call, filters: (keyof Item & string)[]): (item: Item) => boolean {
  const asked = filters
    .map((name) => ({ name, wanted: call.query.getAll(name) }))
    .filter((one) => one.wanted.length > 0);
  return (item) => asked.every(({ name, wanted }) => wanted.includes(String(item[name])));
}
