import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a spec calls to define itself. */
const words = ['describe', 'it', 'beforeAll', 'beforeEach', 'afterEach', 'afterAll'] as const;
type Definition = (...given: unknown[]) => unknown;
type Globals = Record<(typeof words)[number], Definition & { each?: (...table: unknown[]) => Definition }>;

/**
 * Defines several files of specs as one suite. Jest loads the code again for every suite: for specs that take milliseconds that is
 * most of the time. Each file becomes a `describe` of its own, so that its hooks stay its own.
 */
export async function defineTogether(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const definitions = await recorded(() => import(`../../${file}`));
    describe(file, () => {
      restoreEnvironment();
      definitions.forEach((define) => define());
    });
  }
}

/**
 * Which specs each kind of suite has. `*.alone.flow-spec.ts` share none: they read what the process logs, and nestjs-pino keeps the
 * first logger of a process for every line that belongs to no request. How many suites share them is how many files
 * `<kind>-*.suite.ts` there are.
 */
const kinds = {
  unit: 'src/**/*.spec.ts',
  database: '{src,test}/**/*.db-spec.ts',
  flows: '{src,test}/**/*.flow-spec.ts',
};

/** Defines the part of a kind's specs that the suite with this URL has. */
export async function defineSuite(url: string): Promise<void> {
  const suite = basename(fileURLToPath(url));
  const kind = suite.split('-', 1)[0] as keyof typeof kinds;
  const suites = globSync(`test/suites/${kind}-*.suite.ts`).sort();
  const part = suites.findIndex((path) => basename(path) === suite);
  const exclude = (path: string): boolean => path.startsWith('test/architecture/probes') || path.includes('.alone.');
  const files = globSync(kinds[kind], { exclude }).sort();
  await defineTogether(files.filter((_, nth) => nth % suites.length === part));
}

/** What a file sets in the environment does not reach the next one. */
function restoreEnvironment(): void {
  let before: NodeJS.ProcessEnv;
  beforeAll(() => {
    before = { ...process.env };
  });
  afterAll(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  });
}

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
