import { createHash } from 'node:crypto';

/** What stays of an id that must be recognised and may not be kept: it cannot be read back. SHA-256, in hex. */
export const fingerprint = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
