import { BlockList, isIP } from 'node:net';
import type { Reader } from '#platform/config/reader';

export abstract class WebhookEndpointsSettings {
  /** Private networks that endpoints may be in, also with plain http. */
  abstract readonly allowedNetworks: BlockList;
  /** Milliseconds that an endpoint has for its answer. */
  abstract readonly timeoutMs: number;
}

const name = 'OUTBOUND_ALLOWED_NETWORKS';

/** Networks as `10.1.0.0/16` or `fd00::/8`. */
function networks(reader: Reader): BlockList {
  const list = new BlockList();
  for (const entry of reader.list(name, [])) {
    const [, address = '', prefix = ''] = /^([^/]+)\/(\d{1,3})$/.exec(entry) ?? [];
    const family = isIP(address);
    if (family === 0 || Number(prefix) > (family === 4 ? 32 : 128)) {
      reader.faults.push(`${name} holds "${entry}": it must be a network, such as 10.1.0.0/16.`);
    } else list.addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

export const webhookEndpointsSettings = (reader: Reader): WebhookEndpointsSettings => ({
  allowedNetworks: networks(reader),
  timeoutMs: reader.number('WEBHOOK_TIMEOUT_MS', 15_000, 100, 15_000),
});
