export { x } from '../../adapters/certn/certn-words.js';
