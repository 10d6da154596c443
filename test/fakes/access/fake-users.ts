import type { Id } from '#kernel/id';
import type { SignedInUser } from '#kernel/caller';
import { signInAddress } from '#kernel/email';
import { alreadyTaken } from '../../../src/contexts/access/domain/errors.js';
import { Candidates, Teams, Users } from '../../../src/contexts/access/domain/ports.js';
import {
  decideSignIn,
  type DirectoryEntry,
  type SignInContext,
  SignInDirectory,
  type SignInOutcome,
  type TeamChoice,
  type VerifiedIdentity,
} from '../../../src/contexts/access/domain/sign-in-directory.js';
import type { Team } from '../../../src/contexts/access/domain/team.js';
import { User } from '../../../src/contexts/access/domain/user.js';
import type { Audit } from '#kernel/ports';
import { copyOf, type FakeStore, FakeTable } from '../fake-store.js';

type UserRow = Omit<User, 'details' | 'change' | 'mustSignInAgain' | 'erase' | 'administers'>;

/** Where a person is listed, in which form they sign in, and whether they did. */
interface ListedRow {
  teamId: string;
  userId: Id;
  email: string | null;
  externalId: string | null;
  issuer: string | null;
}

/** The tables of access that several repositories share, in memory. */
export class AccessTables {
  readonly teams: FakeTable<Team>;
  readonly users: FakeTable<UserRow>;
  readonly listed: FakeTable<ListedRow>;

  constructor(readonly store: FakeStore) {
    this.teams = new FakeTable(store);
    this.users = new FakeTable(store);
    this.listed = new FakeTable(store);
  }
}

/** Passes the suite of `Teams`. */
export class FakeTeams extends Teams {
  constructor(private readonly tables: AccessTables) {
    super();
  }

  async add(team: Team): Promise<void> {
    this.tables.teams.set(team.id, team);
  }
}

/** The candidates of other contexts, as the test says. */
export class FakeLinkableCandidates extends Candidates {
  readonly ids = new Set<string>();

  async areAll(_teamId: string, candidateIds: readonly string[]): Promise<boolean> {
    return candidateIds.every((id) => this.ids.has(id));
  }
}

/** Passes the suite of `Users`. */
export class FakeUsers extends Users {
  constructor(private readonly tables: AccessTables) {
    super();
  }

  async find(teamId: string, userId: Id): Promise<User | null> {
    const row = this.tables.users.get(userId);
    if (row?.teamId !== teamId) return null;
    const { id, name, email, externalId, accessLevel, disabled, linkedCandidateIds, createdAt } = row;
    const facts = [name, email, externalId, accessLevel, disabled, linkedCandidateIds, createdAt] as const;
    return Object.assign(new User(teamId, id, ...facts), row);
  }

  async add(user: User): Promise<void> {
    await this.save(user);
  }

  async save(user: User): Promise<void> {
    this.tables.users.set(user.id, copyOf({ ...user }));
    await this.tables.store.lock(`directory of ${user.teamId}`);
    if (user.erasedAt) return this.tables.listed.delete(user.id);
    const { id: userId, teamId, externalId } = user;
    const email = signInAddress(user.email);
    const others = this.tables.listed.where((row) => row.teamId === teamId && row.userId !== userId);
    if (email !== null && others.some((row) => row.email === email)) throw alreadyTaken('email');
    if (externalId !== null && others.some((row) => row.externalId === externalId)) throw alreadyTaken('external_id');
    const before = this.tables.listed.get(userId);
    const issuer = before && before.externalId === externalId ? before.issuer : null;
    this.tables.listed.set(userId, { teamId, userId, email, externalId, issuer });
  }

  lockTeam(teamId: string): Promise<void> {
    return this.tables.store.lock(`team ${teamId}`);
  }

  async hasOtherAdmin(teamId: string, userId: string): Promise<boolean> {
    const others = this.tables.users.where((row) => row.teamId === teamId && row.id !== userId);
    return others.some(({ accessLevel, disabled }) => accessLevel === 'admin' && !disabled);
  }

  async unlinkCandidate(teamId: string, candidateId: Id): Promise<void> {
    for (const row of this.tables.users.where((one) => one.teamId === teamId)) {
      const linkedCandidateIds = row.linkedCandidateIds.filter((id) => id !== candidateId);
      this.tables.users.set(row.id, { ...row, linkedCandidateIds });
    }
  }
}

/** Passes the suite of `SignInDirectory`. */
export class FakeSignInDirectory extends SignInDirectory {
  constructor(
    private readonly tables: AccessTables,
    private readonly audit: Audit,
  ) {
    super();
  }

  async find(identity: VerifiedIdentity, context: SignInContext = {}): Promise<SignInOutcome | null> {
    const decision = decideSignIn(this.entries(identity), context);
    if (!decision || decision.kind === 'choose') return decision;
    const { bound, user } = decision.entry;
    if (!bound) await this.bind(user, identity, context.ip ?? null);
    return { kind: 'user', user };
  }

  async choices(identity: VerifiedIdentity): Promise<TeamChoice[]> {
    const names = new Map(this.entries(identity).map(({ user, teamName }) => [user.teamId, teamName]));
    return [...names].map(([teamId, teamName]) => ({ teamId, teamName }));
  }

  async user(userId: Id, identity?: Pick<VerifiedIdentity, 'issuer' | 'subject'>): Promise<SignedInUser | null> {
    const listed = this.tables.listed.get(userId);
    const isBound = !identity || (listed?.issuer === identity.issuer && listed.externalId === identity.subject);
    return listed && isBound ? this.enabled(userId) : null;
  }

  private entries({ issuer, subject, email }: VerifiedIdentity): DirectoryEntry[] {
    const matching = this.tables.listed.where((row) => {
      if (row.externalId !== null) return row.externalId === subject && (row.issuer ?? issuer) === issuer;
      const namesakes = this.tables.listed.where((one) => one.teamId === row.teamId && one.externalId === subject);
      return email !== null && row.email === email && namesakes.length === 0;
    });
    const rank = (row: ListedRow): number => (row.issuer !== null ? 0 : row.externalId !== null ? 1 : 2);
    return matching
      .toSorted((one, other) => rank(one) - rank(other) || this.ageOf(one) - this.ageOf(other))
      .flatMap((row) => {
        const [user, team] = [this.enabled(row.userId), this.tables.teams.get(row.teamId)];
        return user && team ? [{ user, teamName: team.name, bound: row.issuer !== null }] : [];
      });
  }

  private ageOf({ teamId }: ListedRow): number {
    return this.tables.teams.get(teamId)?.createdAt.getTime() ?? 0;
  }

  private enabled(userId: Id): SignedInUser | null {
    const row = this.tables.users.get(userId);
    if (!row || row.disabled) return null;
    const { teamId, id, name, accessLevel: level, linkedCandidateIds: ownCandidateIds } = row;
    return { teamId, id, name, level, ownCandidateIds };
  }

  private async bind(user: SignedInUser, { issuer, subject }: VerifiedIdentity, ip: string | null): Promise<void> {
    await this.tables.store.transaction(async () => {
      await this.tables.store.lock(`directory of ${user.teamId}`);
      const [listed, row] = [this.tables.listed.get(user.id), this.tables.users.get(user.id)];
      if (!listed || !row) return;
      this.tables.listed.set(user.id, { ...listed, issuer, externalId: subject });
      this.tables.users.set(user.id, { ...row, externalId: subject });
      const entry = { action: 'user.sign_in_bind', entity: 'user', entityId: user.id, to: { issuer } };
      await this.audit.record({ teamId: user.teamId, user, ip }, entry);
    });
  }
}
