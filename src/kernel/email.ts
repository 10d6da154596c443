import { domainToASCII, domainToUnicode } from 'node:url';

/** No domain is longer. Longer text is not converted, because the conversion takes time quadratic in the length. */
const longestDomain = 255;
const converted = (domain: string, convert: (domain: string) => string): string =>
  domain.length > longestDomain ? '' : convert(domain);

/**
 * The form in which addresses are compared: trimmed, NFC, lower-case, the domain as IDNA writes it. Plus-tags are kept, because
 * their owners treat them as different mailboxes.
 */
export function canonicalEmail(address: string): string {
  const plain = address.trim().normalize('NFC').toLowerCase();
  const at = plain.lastIndexOf('@');
  if (at < 0) return plain;
  const domain = plain.slice(at + 1);
  return `${plain.slice(0, at)}@${converted(domain, domainToASCII) || domain}`;
}

/** The spellings, in lower case, in which the same address may be stored: with its domain in ASCII and in Unicode. */
export function spellingsOf(address: string): string[] {
  const canonical = canonicalEmail(address);
  const at = canonical.lastIndexOf('@');
  const domain = converted(canonical.slice(at + 1), domainToUnicode);
  return [...new Set([canonical, at < 0 || domain === '' ? canonical : `${canonical.slice(0, at)}@${domain}`])];
}

/**
 * The HTML standard's form of an address, with a dot in the domain. `form` also allows letters of every script, and ends in
 * a top-level domain, which is never a number.
 */
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const signs = "!#$%&'*+/=?^_`{|}~-";
const formWith = (letters: string, last: string): RegExp =>
  new RegExp(`^[${letters}.${signs}]{1,64}@(?:${label}\\.)+${last}$`, 'u');
const form = formWith('\\p{L}\\p{N}', '(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})');
const signInForm = formWith('a-z0-9', label);

/**
 * The rule for every address that a check or a user may have: syntactically valid, which is all that can be known before a
 * mail is sent.
 */
export function isDeliverable(address: string): boolean {
  const canonical = canonicalEmail(address);
  return canonical.length <= 254 && form.test(canonical) && !/^\.|\.\.|\.@/.test(canonical);
}

const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/**
 * The form of an address that is used for sign-in; null when it cannot be. Only ASCII letters are folded, and nothing is
 * trimmed or repaired: a look-alike (the Kelvin sign, a full-width letter) must never become another person's address.
 * A domain in another script is accepted only in the spelling that IDNA converts it back to.
 */
export function signInAddress(address: string): string | null {
  const at = address.lastIndexOf('@');
  const written = address.slice(at + 1);
  const domain = /^[\x21-\x7e]+$/.test(written) ? asciiLower(written) : idnaDomain(written);
  const plain = `${asciiLower(address.slice(0, Math.max(at, 0)))}@${domain}`;
  const usable = plain.length <= 254 && signInForm.test(plain) && !/^\.|\.\.|\.@/.test(plain);
  return usable ? plain : null;
}

function idnaDomain(written: string): string {
  const ascii = converted(written, domainToASCII);
  return ascii !== '' && domainToUnicode(ascii) === written ? ascii : '';
}
