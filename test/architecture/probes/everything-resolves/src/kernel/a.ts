export { x } from './nowhere.js';
