import type { EntityManager } from '@mikro-orm/postgresql';

export type Users = EntityManager;
