export { x } from '../task/task.js';
