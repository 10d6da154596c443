export interface Change {
  type: string;
  id: string;
  revision: number | null;
  deleted: boolean;
  changed_at: string;
  data: Record<string, unknown> | null;
}

interface ChangesPage {
  changes: Change[];
  cursor: string;
  has_more: boolean;
}

/** Reads below `/ats/v0`, and throws on any answer but 200. */
export type Read = <T>(path: string) => Promise<{ body: T; headers: Headers }>;

/** The list of each type in the changes feed. */
const listOf: Record<string, string> = {
  job: '/jobs',
  candidate: '/candidates',
  application: '/applications',
  background_check: '/background_checks',
};

/** A copy as a system keeps it that follows `docs/api.md`: the cursor first, then the lists, then changes. */
export class KeptCopy {
  cursor = '';
  readonly things = new Map<string, Record<string, unknown>>();

  constructor(private readonly read: Read) {}

  async begin(): Promise<void> {
    this.cursor = (await this.read<ChangesPage>('/changes')).body.cursor;
    this.things.clear();
    for (const [key, data] of await theLists(this.read)) this.things.set(key, data);
  }

  /** Takes all there is now, and returns it. `pages`: stops after so many. */
  async follow(limit = 500, pages = Infinity): Promise<Change[]> {
    const taken: Change[] = [];
    for (let page = 0; page < pages; page += 1) {
      const { body } = await this.read<ChangesPage>(`/changes?after=${this.cursor}&limit=${limit}`);
      for (const change of body.changes) this.take(change);
      this.cursor = body.cursor;
      taken.push(...body.changes);
      if (!body.has_more) break;
    }
    return taken;
  }

  private take({ type, id, data }: Change): void {
    if (data === null) this.things.delete(`${type}/${id}`);
    else this.things.set(`${type}/${id}`, data);
  }
}

/** Everything that a caller sees, from the lists. */
export async function theLists(read: Read): Promise<Map<string, Record<string, unknown>>> {
  const things = new Map<string, Record<string, unknown>>();
  for (const [type, path] of Object.entries(listOf)) {
    for (let page = 1, pages = 1; page <= pages; page += 1) {
      const { body, headers } = await read<Record<string, unknown>[]>(`${path}?per_page=500&page=${page}`);
      pages = Math.ceil(Number(headers.get('x-total-count')) / 500);
      for (const data of body) things.set(`${type}/${String(data['id'])}`, data);
    }
  }
  return things;
}

/** What depends on the caller and the moment, and is no change of the thing. */
const ofTheMoment = ['capabilities', 'available_actions', 'confirmed_at'];

/** What differs between a copy and the lists, by type and id; none: []. */
export function differences(
  copy: ReadonlyMap<string, Record<string, unknown>>,
  lists: ReadonlyMap<string, Record<string, unknown>>,
): string[] {
  const form = (data: Record<string, unknown> | undefined): string =>
    JSON.stringify(data, (key, value: unknown) => (ofTheMoment.includes(key) ? undefined : value)) ?? 'absent';
  return [...new Set([...copy.keys(), ...lists.keys()])]
    .filter((key) => form(copy.get(key)) !== form(lists.get(key)))
    .map((key) => `${key}\n  copy: ${form(copy.get(key))}\n  list: ${form(lists.get(key))}`);
}
