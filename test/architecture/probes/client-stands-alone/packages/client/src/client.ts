export { x } from '../../../src/kernel/a.js';
