import { createHash, createHmac, randomBytes } from 'node:crypto';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { sql } from 'kysely';
import { UnreadableSecret } from '#kernel/errors';
import { Fingerprints, Secrets } from '#kernel/ports';
import { Database } from '../database/database.js';

/** The place that a fingerprint key is sealed for: a key that was moved to another row does not open. */
export const fingerprintKeyPlace = (kid: string): string => `platform.fingerprint_key/${kid}`;

interface KeyRow {
  kid: string;
  sealed: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** How values were stored before there was a key: SHA-256, in hex. */
export const plainFingerprint = /^[0-9a-f]{64}$/;

/**
 * `kid:HMAC-SHA-256(key, SHA-256(value))`. The key is created once for an installation and sealed with its keyring. Rotating
 * CREDENTIALS_KEYS seals it again, and every fingerprint still matches. Plain hashes of earlier releases become keyed ones in place,
 * because they are the inner hash.
 */
@Injectable()
export class KeyedFingerprints extends Fingerprints implements OnModuleInit {
  private readonly log = new Logger('fingerprints');
  private keys: { kid: string; key: Buffer }[] = [];
  private unusable = 'The fingerprint key is not loaded yet.';
  /** Becomes a 503: another replica may have the key. */
  private unreadable: UnreadableSecret | null = null;

  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
  ) {
    super();
  }

  /** A key that cannot be opened is logged, and work that needs it fails: without it a replica would not recognise erased people. */
  async onModuleInit(): Promise<void> {
    try {
      await this.load();
    } catch (error) {
      this.unusable = `Erased records cannot be recognised: ${(error as Error).message}`;
      if (error instanceof UnreadableSecret) this.unreadable = error;
      this.log.error(this.unusable);
    }
  }

  of(value: string): string {
    return this.ofPlain(sha256(value));
  }

  known(value: string): string[] {
    const plain = sha256(value);
    this.present();
    return [...this.keys.map((key) => keyed(key, plain)), plain];
  }

  /** Turns a plain hash into its keyed form. */
  ofPlain(plain: string): string {
    return keyed(this.present(), plain);
  }

  private present(): { kid: string; key: Buffer } {
    const [present] = this.keys;
    if (!present) throw this.unreadable ?? new Error(this.unusable);
    return present;
  }

  private async load(): Promise<void> {
    const rows = await this.rows();
    const stored = rows.some(({ own }) => own) ? rows : await this.begin();
    this.keys = stored.map(({ kid, sealed }) => ({
      kid,
      key: Buffer.from(this.secrets.open(sealed, fingerprintKeyPlace(kid)), 'base64'),
    }));
  }

  /** Replicas that start at the same time end up with the same key: only one row can be the installation's own. */
  private async begin(): Promise<KeyRow[]> {
    const kid = randomBytes(4).toString('hex');
    const sealed = this.secrets.seal(randomBytes(32).toString('base64'), fingerprintKeyPlace(kid));
    await this.database.affected(sql`
      insert into platform.fingerprint_key (kid, sealed, own) values (${kid}, ${sealed}, true) on conflict do nothing`);
    return this.rows();
  }

  private rows(): Promise<(KeyRow & { own: boolean })[]> {
    return this.database.rows(sql<KeyRow & { own: boolean }>`
      select kid, sealed, own from platform.fingerprint_key order by own desc, kid`);
  }
}

const keyed = ({ kid, key }: { kid: string; key: Buffer }, plain: string): string =>
  `${kid}:${createHmac('sha256', key).update(plain, 'utf8').digest('hex')}`;
