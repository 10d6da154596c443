import type { FastifyInstance } from 'fastify';
import { inviteLink } from '../case.ts';
import type { Mail } from '../mailbox.ts';
import type { World } from '../world.ts';
import { accountCalled, limitOf, queryOf } from './request.ts';

/** What happened: mails, requests, orders, deliveries, events. */
export function registerObservations(control: FastifyInstance, world: World): void {
  const idOf = (named: string | undefined) => (named === undefined ? undefined : accountCalled(world, named).id);

  control.get('/mailbox', (request) => {
    const email = queryOf(request, 'email')?.toLowerCase();
    const account = idOf(queryOf(request, 'account'));
    return world.store.mails
      .filter((mail) => email === undefined || mail.to.toLowerCase() === email)
      .filter((mail) => account === undefined || mail.account === account)
      .slice(-limitOf(request))
      .reverse()
      .map((mail) => ({ ...mail, link: linkIn(world, mail) }));
  });
  control.get('/requests', (request) => {
    const account = idOf(queryOf(request, 'account'));
    const entries = world.wire.since(Number(queryOf(request, 'since') ?? 0));
    return account === undefined ? entries : entries.filter((entry) => entry.account === account);
  });
  control.delete('/requests', (_request, reply) => {
    world.wire.clear();
    return reply.code(204).send();
  });
  control.get('/ledger', (request) => {
    const account = idOf(queryOf(request, 'account'));
    const email = queryOf(request, 'email')?.toLowerCase();
    return world.ledger.lines
      .filter((line) => account === undefined || line.account === account)
      .filter((line) => email === undefined || line.email.toLowerCase() === email);
  });
  control.get('/deliveries', (request) => {
    const account = idOf(queryOf(request, 'account'));
    return world.deliveries.attempts
      .filter((entry) => account === undefined || entry.account === account)
      .slice(-limitOf(request));
  });
  control.get('/events', (request) => {
    const account = idOf(queryOf(request, 'account'));
    const accounts = account === undefined ? [...world.store.accounts.keys()] : [account];
    return accounts.flatMap((id) => world.store.eventsOf(id));
  });
}

function linkIn(world: World, mail: Mail): string | null {
  const found = world.store.cases.get(mail.case);
  return mail.kind === 'invitation' && found ? inviteLink(world.url, found) : null;
}
