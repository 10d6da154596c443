import { definePart } from './together.js';

await definePart(0, 2);
