import { domainToASCII } from 'node:url';

/**
 * The form in which addresses are compared: trimmed, NFC, lower-case, the domain as IDNA writes it. Plus-tags are kept: they
 * are different mailboxes to whoever made them.
 */
export function canonicalEmail(address: string): string {
  const plain = address.trim().normalize('NFC').toLowerCase();
  const at = plain.lastIndexOf('@');
  if (at < 0) return plain;
  const domain = plain.slice(at + 1);
  return `${plain.slice(0, at)}@${domainToASCII(domain) || domain}`;
}

/** The HTML standard's form of an address, plus letters of every script and a domain with a dot. */
const form =
  /^[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/u;

/** Syntactically valid, which is all that can be known before a mail is sent. */
export function isDeliverable(address: string): boolean {
  const canonical = canonicalEmail(address);
  return canonical.length <= 254 && form.test(canonical) && !/^\.|\.\.|\.@/.test(canonical);
}
