export { x } from '../../cases/domain/vendor-cases.js';
