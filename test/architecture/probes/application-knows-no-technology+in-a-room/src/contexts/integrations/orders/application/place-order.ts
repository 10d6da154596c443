export { x } from '../adapters/postgres/orders.js';
