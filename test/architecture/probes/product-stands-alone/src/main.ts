export { x } from '../packages/testkit/src/store.js';
