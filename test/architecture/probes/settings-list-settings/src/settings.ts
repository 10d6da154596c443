export { x } from './contexts/access/domain/user.js';
