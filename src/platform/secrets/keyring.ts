import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { UnreadableSecret } from '#kernel/errors';
import { Secrets } from '#kernel/ports';
import type { Settings } from '../config/settings.js';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
/** A problem that occurs at every call is logged this often. */
const sayAgainMs = 60_000;

/** AES-256-GCM with a random nonce; the place is the additional data. `kid.base64(nonce ‖ tag ‖ ciphertext)`. */
export class Keyring extends Secrets {
  private readonly said = new Map<string, number>();

  /** The first key seals; all of them open. `say` gets the message for operators when a secret does not open. */
  constructor(
    private readonly keys: Settings['credentialsKeys'],
    private readonly say: (line: string) => void = () => undefined,
  ) {
    super();
  }

  /** The name of the current sealing key. */
  get newest(): string {
    return this.keys[0]?.kid ?? '';
  }

  /** Whether the current sealing key sealed this. */
  isCurrent(sealed: string): boolean {
    return sealed.split('.', 1)[0] === this.newest;
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
    const [kid = '', encoded = ''] = sealed.split('.', 2);
    const entry = this.keys.find((k) => k.kid === kid);
    if (!entry) {
      this.sayOnce(
        `CREDENTIALS_KEYS lacks the key "${kid}", which stored secrets are sealed with: give it to this replica.`,
      );
      throw new UnreadableSecret('unknown_key', kid);
    }
    try {
      return opened(entry.key, Buffer.from(encoded, 'base64'), place);
    } catch {
      this.sayOnce(`The secret at ${place} was changed since the key "${kid}" sealed it: it must be entered again.`);
      throw new UnreadableSecret('damaged', kid);
    }
  }

  openIfOurs(sealed: string, place: string): string | null {
    const [kid = '', encoded = ''] = sealed.split('.', 2);
    const entry = this.keys.find((k) => k.kid === kid);
    try {
      return entry ? opened(entry.key, Buffer.from(encoded, 'base64'), place) : null;
    } catch {
      return null;
    }
  }

  private sayOnce(line: string): void {
    const now = performance.now();
    if (now - (this.said.get(line) ?? -Infinity) < sayAgainMs) return;
    this.said.set(line, now);
    this.say(line);
  }
}

function opened(key: Buffer, bytes: Buffer, place: string): string {
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(place))
    .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
}
