import { DomainError } from './errors.js';
import type { Id } from './id.js';
import type { Scope } from './scopes.js';

/** Access levels of the product's users, from least to most. */
export const accessLevels = ['restricted', 'limited', 'standard', 'admin'] as const;
export type AccessLevel = (typeof accessLevels)[number];

/** What a row in a job's permissions may grant to one user. `manage`, which the creator of a job gets, does not include results. */
export const jobPermissions = ['manage', 'send_checks', 'view_results'] as const;
export type JobPermission = (typeof jobPermissions)[number];

/** Which jobs a user sees: all but these, or only these. */
export type JobScope = { kind: 'all_but'; jobIds: readonly Id[] } | { kind: 'only'; jobIds: readonly Id[] };

/** The capabilities that the API returns. The others are internal. */
export const publicCapabilities = [
  'manage_integrations',
  'edit_interview_plan',
  'send_background_check',
  'view_background_check_status',
  'view_background_check_results',
] as const;
export type PublicCapability = (typeof publicCapabilities)[number];
export type Capability =
  | PublicCapability
  | 'administer_team'
  | 'create_records'
  | 'edit_job'
  | 'import_records'
  | 'manage_job_permissions'
  | 'view_colleagues'
  | 'view_integrations'
  | 'view_job'
  | 'view_packages';

/**
 * `scope`: what a service account needs besides the right. `route`: the scope of the route decides, because several scopes use the
 * capability. `none`: no scope has it, so that only people do.
 */
type Rule = { standard: boolean; permissions: readonly JobPermission[] | 'any'; scope: Scope | 'route' | 'none' };

/** Who may do what. An admin may do everything. `standard` applies to every job that the user sees. */
const rules: Record<Capability, Rule> = {
  manage_integrations: { standard: false, permissions: [], scope: 'none' },
  view_integrations: { standard: false, permissions: [], scope: 'integrations:read' },
  administer_team: { standard: false, permissions: [], scope: 'none' },
  import_records: { standard: false, permissions: [], scope: 'imports' },
  create_records: { standard: true, permissions: [], scope: 'route' },
  view_colleagues: { standard: true, permissions: [], scope: 'none' },
  edit_job: { standard: true, permissions: ['manage'], scope: 'route' },
  manage_job_permissions: { standard: false, permissions: ['manage'], scope: 'none' },
  view_packages: { standard: true, permissions: ['send_checks', 'manage'], scope: 'integrations:read' },
  view_job: { standard: true, permissions: 'any', scope: 'route' },
  edit_interview_plan: { standard: true, permissions: ['manage'], scope: 'jobs:write' },
  send_background_check: { standard: true, permissions: ['send_checks', 'manage'], scope: 'background_checks:send' },
  view_background_check_status: { standard: true, permissions: 'any', scope: 'background_checks:read' },
  view_background_check_results: { standard: false, permissions: ['view_results'], scope: 'results:read' },
};

/** The capability that a user needs on a job to grant a permission there. Users grant only what they hold. */
const neededToGrant: Record<JobPermission, Capability> = {
  manage: 'manage_job_permissions',
  send_checks: 'send_background_check',
  view_results: 'view_background_check_results',
};

/** A user whose sign-in was verified, or a service account whose key or token was. */
export interface SignedInUser {
  teamId: string;
  id: Id;
  name: string;
  level: AccessLevel;
  ownCandidateIds: Id[];
  /** Of a service account. Absent: a person, whom no scope narrows. */
  scopes?: readonly Scope[];
}

/** What a user may do on single jobs, and which jobs they see. */
export interface JobRights {
  scope: JobScope;
  grants: ReadonlyMap<Id, readonly JobPermission[]>;
}

/**
 * The user or the service account behind a request, with everything that decides what they may do. Built for each request. The
 * rights of both are decided by the same rules.
 */
export class Caller {
  constructor(
    readonly teamId: string,
    readonly user: { readonly id: Id; readonly name: string },
    readonly level: AccessLevel,
    readonly scope: JobScope,
    readonly grants: ReadonlyMap<Id, readonly JobPermission[]>,
    /** The candidates that this user is. A user never sees their own checks. */
    readonly ownCandidateIds: readonly Id[],
    readonly ip: string | null = null,
    /** null: a person. */
    readonly scopes: readonly Scope[] | null = null,
  ) {}

  static from(user: SignedInUser, { scope, grants }: JobRights, ip: string | null = null): Caller {
    const { teamId, id, name, level, ownCandidateIds, scopes = null } = user;
    return new Caller(teamId, { id, name }, level, scope, grants, ownCandidateIds, ip, scopes);
  }

  get isServiceAccount(): boolean {
    return this.scopes !== null;
  }

  /** Whether no scope keeps the caller from this; a person is never kept. */
  hasScope(scope: Scope): boolean {
    return this.scopes?.includes(scope) ?? true;
  }

  sees(jobId: Id): boolean {
    const named = this.scope.jobIds.includes(jobId);
    return this.scope.kind === 'only' ? named : !named;
  }

  /** Whether the caller may do this on that job. Without a job: in the whole team. */
  can(capability: Capability, jobId?: Id): boolean {
    const rule = rules[capability];
    if (!this.isWithinScopes(rule)) return false;
    if (this.level === 'admin') return true;
    if (jobId === undefined) return this.level === 'standard' && rule.standard;
    if (!this.sees(jobId)) return false;
    if (this.level === 'standard' && rule.standard) return true;
    return rule.permissions === 'any' || rule.permissions.some((p) => this.grants.get(jobId)?.includes(p));
  }

  mayGrant(permission: JobPermission, jobId: Id): boolean {
    return this.can(neededToGrant[permission], jobId);
  }

  /** Throws 404 for a job that the caller does not see, 403 for a capability they do not have there. */
  require(capability: Capability, jobId?: Id): void {
    if (jobId !== undefined && !this.sees(jobId)) throw new DomainError('not_found', 'not_found', 'Not found.');
    if (!this.can(capability, jobId)) {
      throw new DomainError(
        'forbidden',
        'not_allowed',
        `You don't have permission to ${capability.replaceAll('_', ' ')}.`,
      );
    }
  }

  capabilities(jobId?: Id): PublicCapability[] {
    return publicCapabilities.filter((c) => (jobId === undefined || c !== 'manage_integrations') && this.can(c, jobId));
  }

  /** The same caller with new permissions on a job, for the answer of the request that granted them. */
  granted(jobId: Id, permissions: readonly JobPermission[]): Caller {
    const grants = new Map(this.grants).set(jobId, permissions);
    const { teamId, user, level, scope, ownCandidateIds, ip, scopes } = this;
    return new Caller(teamId, user, level, scope, grants, ownCandidateIds, ip, scopes);
  }

  isSelf(candidateId: Id): boolean {
    return this.ownCandidateIds.includes(candidateId);
  }

  private isWithinScopes({ scope }: Rule): boolean {
    if (!this.isServiceAccount || scope === 'route') return true;
    return scope !== 'none' && this.hasScope(scope);
  }
}
