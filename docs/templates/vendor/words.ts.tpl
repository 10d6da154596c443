import type { CaseState } from '../../gateway/domain/vendor-terms.js';

/** Write me: every status of the vendor. What is not here is `unknown`, and a person is asked. */
const states: ReadonlyMap<string, CaseState> = new Map();

export const stateOf = (status: string): CaseState => states.get(status) ?? 'unknown';
