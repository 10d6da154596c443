import { registerHooks } from 'node:module';

/**
 * Preload for the built service (`--import`): puts Plainscreen on its list of vendors, as one line in `vendors/index.ts` would.
 * Plainscreen is TypeScript beside the sources. What it needs of them is in `dist`.
 */
registerHooks({
  resolve(specifier, context, next) {
    if (!context.parentURL?.startsWith(new URL('.', import.meta.url).href)) return next(specifier, context);
    if (specifier.startsWith('../../../src/')) return next(specifier.replace('/src/', '/dist/'), context);
    return next(specifier.replace(/^(\.\/.*)\.js$/, '$1.ts'), context);
  },
});

const { vendors } = await import('../../../dist/contexts/integrations/vendors/index.js');
const { plainscreen } = await import('./index.ts');
vendors.push(plainscreen);
