/** The form in which two spellings of one address are equal: trimmed, NFC, lower case. Plus-tags are part of an address. */
export const canonicalEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();
