export { x } from '../../background-checks/index.js';
