import type { Schemas } from '../api/client';

/** What the screen shows of an answer. Apart from the component, so that a unit test reaches it. Write me. */
export const rowsOf = (_answer: readonly Schemas['ActivityTypeResponse'][]): string[] => [];
