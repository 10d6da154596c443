import { statuses } from '../../../src/contexts/background-checks/domain/check-status.js';

export const words = statuses;
