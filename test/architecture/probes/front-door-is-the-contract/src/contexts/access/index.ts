export { x } from './domain/user.js';
