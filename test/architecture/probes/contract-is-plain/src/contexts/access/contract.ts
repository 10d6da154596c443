import type { User } from './domain/user.js';

export type Known = User;
