import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', 'src', 'contexts');

/** What an HTTP adapter is given from `application/` although the bus calls use cases, each with the reason. */
const exceptions: Record<string, string> = {
  'interview-planning/adapters/http/imports.controller.ts: ImportRecord': 'it passes a stream of results on',
  'integrations/cases/adapters/http/webhook-endpoints.ts: ReceiveWebhook':
    'it takes a vendor and raw bytes, before it is known whose they are',
  'integrations/orders/adapters/http/orders-held-note.ts: OrderLimits': 'a setting, not a use case',
};

/** The classes of `application/` that a file is given by its constructor. */
function givenIn(text: string): string[] {
  const imports = [...text.matchAll(/import (?:type )?\{([^}]*)\} from '(?:\.\.\/)+application\/[^']+';/g)];
  const names = imports.flatMap(([, list = '']) => list.split(',').map((name) => name.replace('type ', '').trim()));
  return names.filter((name) => name && new RegExp(`\\breadonly \\w+: ${name}\\b`).test(text));
}

describe('The use cases', () => {
  it('are called by HTTP adapters in one way: a command or a query on the bus', () => {
    const files = globSync('**/adapters/http/*.ts', { cwd: root }).filter((file) => !file.endsWith('spec.ts'));
    const texts = files.map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
    expect(texts.filter(({ text }) => /\.execute(<[^;]*?>)?\(/.test(text)).length).toBeGreaterThan(10);
    const given = texts.flatMap(({ file, text }) => givenIn(text).map((name) => `${file}: ${name}`));
    expect(given.sort()).toEqual(Object.keys(exceptions).sort());
  });

  it('would be found when they are called in another', () => {
    const text = `import { Connect } from '../../application/connect.js';\nconstructor(private readonly connect: Connect) {}`;
    expect(givenIn(text)).toEqual(['Connect']);
  });
});
