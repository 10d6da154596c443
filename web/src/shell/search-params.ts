/** Users can type any URL: invalid parameters are ignored. */
export type RawSearch = Record<string, unknown>;

export const textParam = (raw: unknown): string | undefined =>
  typeof raw === 'string' || typeof raw === 'number' ? String(raw) || undefined : undefined;

/** A filter that can have several values. */
export function listParam(raw: unknown): string[] | undefined {
  const values = [raw].flat().map(textParam);
  const given = values.filter((value) => value !== undefined);
  return given.length > 0 ? given : undefined;
}

/** The page of a list; absent on the first page. */
export function pageParam(raw: unknown): number | undefined {
  const page = Number(raw);
  return Number.isInteger(page) && page > 1 ? page : undefined;
}
