import type { FastifyInstance } from 'fastify';
import type { Account, Package } from '../account.ts';
import { type Case, inviteLink, showCase } from '../case.ts';
import { orderCase } from '../case-actions.ts';
import type { World } from '../world.ts';
import type { Answer } from './answers.ts';
import { Fields } from './fields.ts';
import { type Call, publicRoute } from './gate.ts';

/** Known on both order paths (docs/certn-api.md 2.1, 2.2). */
const commonFields = [
  'email_address',
  'package',
  'send_invite_email',
  'return_invite_link',
  'input_claims',
  'group',
  'permissible_purpose',
  'ordered_by',
  'tag_ids',
  'applicant_language',
  'message',
];

export function registerOrders(app: FastifyInstance, world: World): void {
  publicRoute(app, world, { name: 'order-package', method: 'POST', path: 'cases/order-package/' }, orderPackage);
  publicRoute(app, world, { name: 'order', method: 'POST', path: 'cases/order/' }, orderChecks);
}

/** docs/certn-api.md 2.2. */
function orderPackage(call: Call): Answer {
  const fields = new Fields(call.body());
  const wanted = fields.requiredUuid('package');
  const chosen = call.account.packages.find((entry) => entry.id === wanted);
  if (wanted !== undefined) checkPackage(fields, wanted, chosen);
  return order(call, fields, commonFields, chosen, chosen?.checks ?? []);
}

/** docs/certn-api.md 2.1: single checks by name. */
function orderChecks(call: Call): Answer {
  const fields = new Fields(call.body());
  const types = Object.keys(fields.requiredObject('check_types_with_arguments'));
  const known = [...commonFields, 'check_types_with_arguments'];
  const bundle = fields.uuid('package');
  const chosen = call.account.packages.find((entry) => entry.id === bundle);
  return order(call, fields, known, chosen, types);
}

function order(call: Call, fields: Fields, known: string[], chosen: Package | undefined, types: string[]): Answer {
  const { account, world } = call;
  const email = fields.requiredEmail('email_address');
  const sendMail = fields.boolean('send_invite_email') ?? account.settings.default_send_invite;
  const returnLink = fields.boolean('return_invite_link') ?? false;
  const claims = fields.anObject('input_claims');
  if (!sendMail && !returnLink && claims === undefined) {
    fields.object('input_claims', 'required', 'This field is required when the applicant is not invited.');
  }
  for (const name of ['permissible_purpose', 'applicant_language', 'message']) fields.text(name);
  const links = linksOf(account, fields);
  refuseFields(account, fields, known);
  fields.throwObjections();
  const ordered = orderCase(world, account, call.requestId, {
    package: chosen ?? null,
    email_address: email,
    check_types: types,
    send_invite_email: sendMail,
    return_invite_link: returnLink,
    input_claims: claims,
    ...links,
  });
  return { status: 201, body: showOrder(account, ordered, world.url) };
}

/** `invite_link` only when the order asks for it. */
function showOrder(account: Account, ordered: Case, url: string): object {
  const { invite_link: _, ...shown } = showCase(account, ordered, url);
  return ordered.return_invite_link ? { ...shown, invite_link: inviteLink(url, ordered) } : shown;
}

function checkPackage(fields: Fields, wanted: string, chosen: Package | undefined): void {
  if (!chosen) fields.object('package', 'does_not_exist', `Invalid pk "${wanted}" - object does not exist.`);
  else if (!chosen.is_active) fields.object('package', 'invalid', 'This package is not active.');
}

/** The other records that an order may name. They must belong to this account. */
function linksOf(account: Account, fields: Fields): Pick<Case, 'group' | 'ordered_by' | 'tags'> {
  const group = fields.uuid('group');
  if (group === undefined && account.settings.require_group && !fields.names.includes('group')) {
    fields.object('group', 'required', 'This field is required.');
  }
  const orderedBy = fields.uuid('ordered_by');
  const tags = fields.uuids('tag_ids').map((id) => account.tags.find((tag) => tag.id === id) ?? id);
  mustExist(fields, 'group', group, account.groups);
  mustExist(fields, 'ordered_by', orderedBy, account.users);
  tags.filter((tag) => typeof tag === 'string').forEach((id) => mustExist(fields, 'tag_ids', id, []));
  return {
    group: group ?? null,
    ordered_by: orderedBy ?? null,
    tags: tags.filter((tag) => typeof tag !== 'string').map(({ id, name }) => ({ id, name })),
  };
}

function mustExist(fields: Fields, attr: string, id: string | undefined, among: { id: string }[]): void {
  if (id === undefined || among.some((entry) => entry.id === id)) return;
  fields.object(attr, 'does_not_exist', `Invalid pk "${id}" - object does not exist.`);
}

/** Unknown fields are ignored unless the account is strict. `refused_fields` names optional fields that Certn rejects. */
function refuseFields(account: Account, fields: Fields, known: string[]): void {
  const { strict_fields, refused_fields } = account.settings;
  for (const name of fields.names) {
    if (refused_fields.includes(name) || (strict_fields && !known.includes(name))) {
      fields.object(name, 'invalid', 'Unexpected field.');
    }
  }
}
