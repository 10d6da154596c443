import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, getFileInfo, resolveConfig } from 'prettier';

/** Why nothing was written, in a sentence that says what to do. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** New and changed files in memory. They reach the disk together, formatted, or not at all. */
export class Draft {
  readonly #root: string;
  readonly #texts = new Map<string, string>();
  readonly #created = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  create(path: string, text: string): void {
    if (this.#texts.has(path) || existsSync(join(this.#root, path))) throw new Refused(`${path} exists already.`);
    this.#created.add(path);
    this.#texts.set(path, text);
  }

  change(path: string, change: (text: string) => string): void {
    const present = this.#texts.get(path) ?? readFileSync(join(this.#root, path), 'utf8');
    this.#texts.set(path, change(present));
  }

  /** The written files, new ones first. */
  async write(): Promise<{ created: string[]; changed: string[] }> {
    const formatted = new Map<string, string>();
    for (const [path, text] of this.#texts) formatted.set(path, await this.#formatted(path, text));
    for (const [path, text] of formatted) {
      const file = join(this.#root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { flag: this.#created.has(path) ? 'wx' : 'w' });
    }
    const created = [...this.#created];
    return { created, changed: [...formatted.keys()].filter((path) => !this.#created.has(path)) };
  }

  async #formatted(path: string, text: string): Promise<string> {
    const file = join(this.#root, path);
    const { ignored, inferredParser } = await getFileInfo(file, { ignorePath: join(this.#root, '.prettierignore') });
    if (ignored || inferredParser === null) return text;
    return format(text, { ...(await resolveConfig(file)), filepath: file });
  }
}
