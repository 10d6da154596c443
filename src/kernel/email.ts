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
