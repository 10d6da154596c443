export { x } from '../packages/client/src/retries.js';
