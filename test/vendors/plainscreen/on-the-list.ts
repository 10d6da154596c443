import { vendors } from '../../../src/contexts/integrations/vendors/index.js';
import { plainscreen } from './index.js';

/** Puts Plainscreen on the service's list of vendors, as one line in `vendors/index.ts` would. Before the service starts. */
export function putPlainscreenOnTheList(): void {
  (vendors as unknown as unknown[]).push(plainscreen);
}
