import type { FastifyInstance, FastifyRequest } from 'fastify';
import { resetWorld } from '../open-world.ts';
import { badRequest, Refusal } from '../refusal.ts';
import type { World } from '../world.ts';
import { registerAccounts } from './accounts.ts';
import { registerCaseControl } from './cases.ts';
import { registerFaults } from './faults.ts';
import { registerObservations } from './observations.ts';
import { registerPortal } from './portal.ts';
import { bodyOf } from './request.ts';

/**
 * The stand-in's own controls, for tests and the page. Certn has nothing like them. Reachable from this machine only, unless
 * `anywhere`: in a container every caller is another machine.
 */
export function registerControl(app: FastifyInstance, world: World, anywhere: boolean): void {
  void app.register(
    async (control) => {
      control.addHook('onRequest', async (request) => refuseStrangers(request, anywhere));
      registerAccounts(control, world);
      registerPortal(control, world);
      registerCaseControl(control, world);
      registerObservations(control, world);
      registerFaults(control, world);
      control.put('/address', (request, reply) => {
        const { url } = bodyOf(request);
        if (typeof url !== 'string' || !URL.canParse(url)) throw badRequest('"url" must be a URL.');
        world.url = url.replace(/\/$/, '');
        return reply.code(204).send();
      });
      control.post('/reset', (_request, reply) => {
        resetWorld(world);
        return reply.code(204).send();
      });
    },
    { prefix: '/control' },
  );
}

/** Refuses other machines, and other sites in the same browser. */
function refuseStrangers(request: FastifyRequest, anywhere: boolean): void {
  const from = request.ip.replace(/^::ffff:/, '');
  const { origin, host } = request.headers;
  const ownPage = origin === undefined || URL.parse(origin)?.host === host;
  if (ownPage && (anywhere || from === '::1' || from.startsWith('127.'))) return;
  throw new Refusal(403, 'The control API answers to this machine only.');
}
