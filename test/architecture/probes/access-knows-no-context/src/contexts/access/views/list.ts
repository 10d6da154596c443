export { x } from '../../hiring/index.js';
