export { x } from '../../vendors/index.js';
