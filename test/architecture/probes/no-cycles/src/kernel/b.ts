import type { A } from './a.js';

export type B = A | 2;
