export { x } from '../domain/case.js';
