export { x } from '../http/json-calls.js';
