export { x } from '../../elsewhere/index.js';
