export { x } from '../activities/task/task.js';
