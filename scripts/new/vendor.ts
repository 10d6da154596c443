import { Refused } from './draft.ts';
import type { Kind } from './kind.ts';

const registry = 'src/contexts/integrations/vendors';

export const vendor: Kind = {
  usage: 'vendor <name>',
  options: [],

  prepare(name) {
    // Connections store it, and settings begin with it.
    if (!/^[a-z]+$/.test(name)) throw new Refused('The id of a vendor is one word of lower case letters.');
    return { name };
  },

  steps({ name }) {
    const folder = `${registry}/${name}`;
    return [
      { type: 'create', path: `${folder}/index.ts`, template: 'vendor/index.ts.tpl' },
      { type: 'create', path: `${folder}/${name}-api.ts`, template: 'vendor/api.ts.tpl' },
      { type: 'create', path: `${folder}/${name}-words.ts`, template: 'vendor/words.ts.tpl' },
      { type: 'create', path: `${folder}/${name}-words.spec.ts`, template: 'vendor/words.spec.ts.tpl' },
      { type: 'import', path: `${registry}/index.ts`, names: '{{name}}', from: `./${name}/index.js` },
      {
        type: 'list',
        path: `${registry}/index.ts`,
        opening: 'export const vendors: readonly [VendorMaker, ...VendorMaker[]] = [',
        entry: '{{name}}',
      },
    ];
  },

  next: ({ name }) => [
    `${registry}/${name}/: its words until their spec passes, its calls, then the suite of all vendors (test/contracts/vendor.contract.ts)`,
    'test/vendors/plainscreen/ is a whole example. Until the calls are written each says so, and no order leaves',
  ],
};
