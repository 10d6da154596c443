import type { Clock } from '#kernel/ports';
import {
  type ProviderLogout,
  type SessionOwner,
  Sessions,
  type SignInProof,
  type VerifiedLogout,
} from '../../../src/contexts/access/domain/sessions.js';
import { type FakeStore, FakeTable } from '../fake-store.js';

interface SessionRow extends SessionOwner {
  token: string;
  issuer: string;
  subject: string;
  providerSessionId: string | null;
}

interface LogoutRow extends VerifiedLogout {
  receivedAt: Date;
}

/** Passes the suite of `Sessions`. */
export class FakeSessions extends Sessions {
  private readonly rows: FakeTable<SessionRow>;
  private readonly logouts: FakeTable<LogoutRow>;
  private started = 0;

  constructor(
    private readonly store: FakeStore,
    private readonly clock: Clock,
  ) {
    super();
    this.rows = new FakeTable(store);
    this.logouts = new FakeTable(store);
  }

  async start({ teamId, userId }: SessionOwner, proof: SignInProof): Promise<string> {
    const token = `token-${(this.started += 1)}`;
    const { issuer, subject, providerSessionId } = proof;
    this.rows.set(token, { teamId, userId, token, issuer, subject, providerSessionId });
    return token;
  }

  async now(): Promise<Date> {
    return this.clock.now();
  }

  async wasEndedMeanwhile(proof: SignInProof): Promise<boolean> {
    await this.lock(proof);
    const { issuer, subject, providerSessionId, askedAt, saidAuthenticatedAt } = proof;
    const concerning = this.logouts.where(
      (one) =>
        one.issuer === issuer &&
        (one.subject === subject || (one.subject === null && one.providerSessionId === providerSessionId)) &&
        (one.providerSessionId === null || one.providerSessionId === providerSessionId) &&
        one.receivedAt >= askedAt &&
        (saidAuthenticatedAt === null || one.issuedAt >= saidAuthenticatedAt),
    );
    return concerning.length > 0;
  }

  async end(token: string): Promise<SessionOwner | null> {
    const [owner] = this.remove((row) => row.token === token);
    return owner ?? null;
  }

  async endAllOf({ teamId, userId }: SessionOwner): Promise<void> {
    this.remove((row) => row.teamId === teamId && row.userId === userId);
  }

  async endAtProvider({ issuer, subject, providerSessionId }: ProviderLogout): Promise<SessionOwner[]> {
    if (subject === null && providerSessionId === null) return [];
    return this.remove(
      (row) =>
        row.issuer === issuer &&
        (subject === null || row.subject === subject) &&
        (providerSessionId === null || row.providerSessionId === providerSessionId),
    );
  }

  async takeLogout(logout: VerifiedLogout): Promise<boolean> {
    await this.lock(logout);
    if (this.logouts.get(logout.tokenId)) return false;
    this.logouts.set(logout.tokenId, { ...logout, receivedAt: this.clock.now() });
    return true;
  }

  private async lock({ issuer, subject, providerSessionId }: ProviderLogout): Promise<void> {
    if (subject !== null) await this.store.lock(`subject ${issuer} ${subject}`);
    if (providerSessionId !== null) await this.store.lock(`session ${issuer} ${providerSessionId}`);
  }

  private remove(which: (row: SessionRow) => boolean): SessionOwner[] {
    const ended = this.rows.where(which);
    this.rows.deleteWhere(which);
    return ended.map(({ teamId, userId }) => ({ teamId, userId }));
  }
}
