export { x } from '../../integrations/index.js';
