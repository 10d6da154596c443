import { globSync } from 'node:fs';
import { defineTogether } from '../suites/together.js';

/** The specs as one suite: a mutant then loads the code once and not once for each file of specs. */
await defineTogether(globSync(process.env.SPECS ?? '').sort());
