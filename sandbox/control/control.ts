import type { FastifyInstance, FastifyRequest } from 'fastify';
import { resetWorld } from '../open-world.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';
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
