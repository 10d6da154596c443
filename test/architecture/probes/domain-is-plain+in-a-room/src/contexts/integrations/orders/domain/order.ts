import type { EntityManager } from '@mikro-orm/postgresql';

export type Orders = EntityManager;
