export { x } from './commands/jobs.js';
