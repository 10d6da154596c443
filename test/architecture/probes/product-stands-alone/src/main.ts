export { x } from '../sandbox/store.js';
