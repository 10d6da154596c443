import type { B } from './b.js';

export type A = B | 1;
