import { stop } from './stop.ts';

export const start = (): void => stop();
