export { x } from './contract.js';
