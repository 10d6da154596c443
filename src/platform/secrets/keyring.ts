import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Secrets } from '#kernel/ports';
import type { Settings } from '../config/settings.js';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM with a random nonce; the place is the additional data. `kid.base64(nonce ‖ tag ‖ ciphertext)`. */
export class Keyring extends Secrets {
  /** The first key seals; all of them open. */
  constructor(private readonly keys: Settings['credentialsKeys']) {
    super();
  }

  /** Whether the key that seals now sealed this. */
  isCurrent(sealed: string): boolean {
    return sealed.split('.', 1)[0] === this.keys[0]?.kid;
  }

  seal(plain: string, place: string): string {
    const [newest] = this.keys;
    if (!newest) throw new Error('There is no key to seal with.');
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, newest.key, nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return `${newest.kid}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')}`;
  }

  open(sealed: string, place: string): string {
    const [kid, encoded = ''] = sealed.split('.', 2);
    const entry = this.keys.find((k) => k.kid === kid);
    if (!entry) throw new Error(`The key ${kid} that sealed a secret is not in CREDENTIALS_KEYS.`);
    const bytes = Buffer.from(encoded, 'base64');
    const decipher = createDecipheriv(algorithm, entry.key, bytes.subarray(0, nonceBytes))
      .setAAD(Buffer.from(place))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
  }
}
