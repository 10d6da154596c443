export { x } from '../contexts/access/index.js';
