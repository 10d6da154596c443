import type { DiscoveryService } from '@nestjs/core';

/** What the contexts registered of one kind: its instances among the providers of all modules. */
export function registered<T>(discovery: DiscoveryService, kind: abstract new (...given: never[]) => T): T[] {
  const instances = discovery.getProviders().map(({ instance }) => instance as unknown);
  return instances.filter((instance): instance is T => instance instanceof kind);
}
