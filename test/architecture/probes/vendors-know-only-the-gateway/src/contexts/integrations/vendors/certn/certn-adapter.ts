export { x } from '../../connections/domain/connection.js';
