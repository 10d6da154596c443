export { x } from '../gateway/application/vendor-calls.js';
