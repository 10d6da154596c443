export { x } from '../../../orders/adapters/postgres/erased-cases.js';
