import type { World } from './world.ts';

export interface Store {
  owner: World;
}
