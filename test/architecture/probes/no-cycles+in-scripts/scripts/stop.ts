import { start } from './start.ts';

export const stop = (): void => start();
