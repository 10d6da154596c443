import { defineSuite } from './together.js';

await defineSuite(import.meta.url);
