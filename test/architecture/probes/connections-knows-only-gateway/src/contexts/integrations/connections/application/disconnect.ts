export { x } from '../../orders/domain/vendor-orders.js';
