export { x } from '../../billing/domain/invoice.js';
