import type { Store } from './store.ts';

export interface World {
  store: Store;
}
