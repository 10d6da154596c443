export { x } from './contexts/access/application/add-user.js';
