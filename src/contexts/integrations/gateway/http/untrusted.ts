/** Reads what a vendor sent. None of it is trusted: it may be malformed, huge or hostile. */

const longestMessage = 200;
/** Characters of an answer that are read. The patterns below are linear, but a vendor's page may have megabytes. */
const longestSource = 2_000;

/** Parsed JSON, or undefined for anything else than JSON in UTF-8. Gateways answer HTML, and networks cut answers off. */
export function readJson(source: Buffer | string): unknown {
  try {
    const text = typeof source === 'string' ? source : new TextDecoder('utf-8', { fatal: true }).decode(source);
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function record(value: unknown): Partial<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}

/** A vendor's text made safe to store and show: no control characters, no lone surrogates, limited length. */
export function textOf(value: unknown, longest: number): string | null {
  if (typeof value !== 'string') return null;
  const clean = value.toWellFormed().replace(/\p{Cc}+/gu, '');
  return clean.trim() === '' ? null : clean.slice(0, longest).toWellFormed();
}

/** Ids become part of paths, log lines and queries. A value that could alter one is not accepted as an id. */
export function safeId(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value) ? value : null;
}

export function isMarkup(text: string): boolean {
  return /<[a-z!/?]/i.test(text.slice(0, longestSource));
}

/** A vendor's message, safe to show and to log: without the secret, markup and addresses, and short. Null when nothing is left. */
export function sanitise(message: string, secret: string): string | null {
  const clean = (secret === '' ? message : message.replaceAll(secret, '…'))
    .slice(0, longestSource)
    .toWellFormed()
    .replace(/<[^<>]*>?/g, ' ')
    .replace(/[\p{C}\s]+/gu, ' ')
    .replace(/[^\s@,;:<>()"']+@[^\s@,;:<>()"']+/g, '…')
    .replace(/[<>]/g, '')
    .trim();
  if (clean === '') return null;
  return clean.length <= longestMessage ? clean : `${[...clean].slice(0, longestMessage - 1).join('')}…`;
}
