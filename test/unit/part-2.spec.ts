import { definePart } from './together.js';

await definePart(1, 2);
