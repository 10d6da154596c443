import { globSync } from 'node:fs';

/** The specs as one suite: a mutant then loads the code once and not once for each file of specs. */
const files = globSync(process.env.SPECS ?? '').sort();
for (const file of files) await import(`../../${file}`);
