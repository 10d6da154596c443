export { x } from './vendors/certn/certn-words.js';
