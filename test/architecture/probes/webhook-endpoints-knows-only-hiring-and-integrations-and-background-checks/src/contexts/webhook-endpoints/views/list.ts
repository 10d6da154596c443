export { x } from '../../payroll/index.js';
