export { x } from '../../../access/index.js';
