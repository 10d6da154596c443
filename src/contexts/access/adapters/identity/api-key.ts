import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** `ats_`, 32 random characters, and a checksum of 6. */
const form = /^(ats_[0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const randomLength = 32;

/** 32 of 62 characters are 190 random bits: they cannot be guessed, so a fast hash of them is as safe as a slow one. */
export function newApiKey(): string {
  const random = Array.from({ length: randomLength }, () => digits[randomInt(digits.length)]).join('');
  return withChecksum(`ats_${random}`);
}

/** What is stored of a key; null: the text is no key. The checksum shows most slips and guesses without a look at the database. */
export function hashOfKey(text: string): Buffer | null {
  const head = form.exec(text)?.[1];
  return head !== undefined && withChecksum(head) === text ? createHash('sha256').update(text).digest() : null;
}

/** CRC-32 in base 62. It protects against slips, not against forgery. */
function withChecksum(head: string): string {
  let rest = crc32(head);
  let checksum = '';
  for (let place = 0; place < 6; place += 1) {
    checksum = (digits[rest % digits.length] ?? '') + checksum;
    rest = Math.floor(rest / digits.length);
  }
  return head + checksum;
}
