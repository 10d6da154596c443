import { globSync } from 'node:fs';

/** What a spec calls to define itself. */
const words = ['describe', 'it', 'beforeAll', 'beforeEach', 'afterEach', 'afterAll'] as const;
type Definition = (...given: unknown[]) => unknown;
type Globals = Record<(typeof words)[number], Definition & { each?: (...table: unknown[]) => Definition }>;

/**
 * Defines several files of specs as one suite. Jest loads the code again for every file; for specs that take milliseconds that is
 * most of the time. Each file becomes a `describe` of its own, so that its hooks stay its own.
 */
export async function defineTogether(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const definitions = await recorded(() => import(`../../${file}`));
    describe(file, () => definitions.forEach((define) => define()));
  }
}

/** One of several equal parts of the unit specs. */
export const definePart = (part: number, parts: number): Promise<void> =>
  defineTogether(
    globSync('src/**/*.spec.ts')
      .sort()
      .filter((_, nth) => nth % parts === part),
  );

/** The definitions at the top level of a module, not yet made. */
async function recorded(load: () => Promise<unknown>): Promise<(() => void)[]> {
  const globals = globalThis as unknown as Globals;
  const real = { ...Object.fromEntries(words.map((word) => [word, globals[word]])) } as Globals;
  const definitions: (() => void)[] = [];
  for (const word of words) {
    const define: Definition = (...given) => definitions.push(() => real[word](...given));
    const each = (...table: unknown[]): Definition => {
      return (...given) => definitions.push(() => real[word].each?.(...table)(...given));
    };
    globals[word] = Object.assign(define, { each });
  }
  try {
    await load();
  } finally {
    Object.assign(globals, real);
  }
  return definitions;
}
