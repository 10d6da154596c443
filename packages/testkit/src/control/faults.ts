import type { FastifyInstance } from 'fastify';
import type { Fault } from '../faults.ts';
import type { World } from '../world.ts';
import { accountCalled, bodyOf, textIn } from './request.ts';

/** Faults for the next matching calls (docs/reliability.md, rows E). */
export function registerFaults(control: FastifyInstance, world: World): void {
  control.post('/faults', (request, reply) => {
    const body = bodyOf(request);
    const named = textIn(body, 'account');
    const account = named === undefined ? null : accountCalled(world, named).id;
    return reply.code(201).send(world.faults.add({ ...(body as Partial<Fault>), account }));
  });
  control.get('/faults', () => world.faults.list);
  control.delete('/faults', (_request, reply) => {
    world.faults.clear();
    return reply.code(204).send();
  });
}
