export { x } from '../../access/domain/user.js';
