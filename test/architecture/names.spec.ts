import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', 'src', 'contexts');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('spec.ts'),
);
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** What classes of `views/` may be besides views, by the end of their names. */
const otherRoles = /(Handler|Gauges|Locator|Presenter)$/;

describe('One convention names', () => {
  it('views: the class in views/<subject>.ts is <Subject>View, unless it has another role', () => {
    const classes = files
      .filter((file) => /\/views\/[^/]+\.ts$/.test(file))
      .flatMap((file) => [...read(file).matchAll(/@Injectable\(\)\nexport class (\w+)/g)].map(([, name = '']) => name))
      .filter((name) => !otherRoles.test(name));
    expect(classes.length).toBeGreaterThan(15);
    expect(classes.filter((name) => !name.endsWith('View'))).toEqual([]);
    expect(files.filter((file) => /\/views\/.*-view\.ts$/.test(file))).toEqual([]);
  });

  // `Fields` are sent and answered alike, or shared by several. `Paging` is the query of lists without filters of their own.
  it('what is sent …Request, …Query or …Fields, and what is answered …Response or …Fields', () => {
    const taken = files.flatMap((file) =>
      [...read(file).matchAll(/@(Body|Query)\((?:\w+)?\) \w+: (\w+)/g)].map(([, door = '', type = '']) => ({
        door,
        type,
      })),
    );
    const end = { Body: /(Request|Fields|^unknown)$/, Query: /(Query|^Paging|^Record)$/ } as const;
    expect(taken.length).toBeGreaterThan(25);
    expect(taken.filter(({ door, type }) => !end[door as keyof typeof end].test(type))).toEqual([]);
    const answers = files.flatMap((file) =>
      [...read(file).matchAll(/@Api(?:Ok|Created|Accepted)Response\(\{ type: \[?(\w+)/g)].map(([, type = '']) => type),
    );
    expect(answers.length).toBeGreaterThan(25);
    expect(answers.filter((type) => !/(Response|Fields)$/.test(type))).toEqual([]);
    expect(files.filter((file) => /class \w+Dto\b/.test(read(file)))).toEqual([]);
  });
});
