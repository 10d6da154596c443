import type { FastifyInstance } from 'fastify';
import type { Webhook } from '../account.ts';
import { badRequest, notFound } from '../refusal.ts';
import { handshake, registerWebhook } from '../webhooks.ts';
import type { World } from '../world.ts';
import { accountCalled, bodyOf, paramOf } from './request.ts';

/** The portal's Integrations area: webhook URLs (docs/certn-api.md 5.1). */
export function registerPortal(control: FastifyInstance, world: World): void {
  control.post('/accounts/:id/webhooks', async (request, reply) => {
    const account = accountCalled(world, paramOf(request));
    const webhook = await registerWebhook(account, bodyOf(request).url);
    world.snapshot.write();
    return reply.code(201).send({ ...webhook, webhook_secret: account.webhook_secret });
  });
  control.post('/accounts/:id/webhooks/:webhook/handshake', async (request) => {
    const account = accountCalled(world, paramOf(request));
    const webhook = webhookCalled(account.webhooks, paramOf(request, 'webhook'));
    await handshake(account, webhook);
    world.snapshot.write();
    return webhook;
  });
  control.patch('/accounts/:id/webhooks/:webhook', (request) => {
    const account = accountCalled(world, paramOf(request));
    const webhook = webhookCalled(account.webhooks, paramOf(request, 'webhook'));
    const { enabled } = bodyOf(request);
    if (typeof enabled !== 'boolean') throw badRequest('"enabled" must be true or false.');
    webhook.enabled = enabled;
    world.snapshot.write();
    return webhook;
  });
  control.delete('/accounts/:id/webhooks/:webhook', (request, reply) => {
    const account = accountCalled(world, paramOf(request));
    const webhook = webhookCalled(account.webhooks, paramOf(request, 'webhook'));
    webhook.enabled = false;
    account.webhooks = account.webhooks.filter((entry) => entry !== webhook);
    world.snapshot.write();
    return reply.code(204).send();
  });
}

function webhookCalled(webhooks: Webhook[], id: string): Webhook {
  const found = webhooks.find((entry) => entry.id === id);
  if (!found) throw notFound('webhook');
  return found;
}
