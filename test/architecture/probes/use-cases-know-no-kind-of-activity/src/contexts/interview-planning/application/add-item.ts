export { x } from '../activities/index.js';
