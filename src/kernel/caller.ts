import { DomainError } from './errors.js';
import type { Id } from './id.js';

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
  | 'manage_job_permissions'
  | 'view_colleagues'
  | 'view_job';

type Rule = { standard: boolean; permissions: readonly JobPermission[] | 'any' };

/** Who may do what. An admin may do everything. `standard` applies to every job that the user sees. */
const rules: Record<Capability, Rule> = {
  manage_integrations: { standard: false, permissions: [] },
  administer_team: { standard: false, permissions: [] },
  create_records: { standard: true, permissions: [] },
  view_colleagues: { standard: true, permissions: [] },
  edit_job: { standard: true, permissions: ['manage'] },
  manage_job_permissions: { standard: false, permissions: ['manage'] },
  view_job: { standard: true, permissions: 'any' },
  edit_interview_plan: { standard: true, permissions: ['manage'] },
  send_background_check: { standard: true, permissions: ['send_checks', 'manage'] },
  view_background_check_status: { standard: true, permissions: 'any' },
  view_background_check_results: { standard: false, permissions: ['view_results'] },
};

/** The capability that a user needs on a job to grant a permission there. Users grant only what they hold. */
const neededToGrant: Record<JobPermission, Capability> = {
  manage: 'manage_job_permissions',
  send_checks: 'send_background_check',
  view_results: 'view_background_check_results',
};

/** A user whose sign-in was verified. */
export interface SignedInUser {
  teamId: string;
  id: Id;
  name: string;
  level: AccessLevel;
  ownCandidateIds: Id[];
}

/** What a user may do on single jobs, and which jobs they see. */
export interface JobRights {
  scope: JobScope;
  grants: ReadonlyMap<Id, readonly JobPermission[]>;
}

/** The user behind a request, with everything that decides what they may do. Built for each request. */
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
  ) {}

  static from(user: SignedInUser, { scope, grants }: JobRights, ip: string | null = null): Caller {
    const { teamId, id, name, level, ownCandidateIds } = user;
    return new Caller(teamId, { id, name }, level, scope, grants, ownCandidateIds, ip);
  }

  sees(jobId: Id): boolean {
    const named = this.scope.jobIds.includes(jobId);
    return this.scope.kind === 'only' ? named : !named;
  }

  /** Whether the caller may do this on that job. Without a job: in the whole team. */
  can(capability: Capability, jobId?: Id): boolean {
    if (this.level === 'admin') return true;
    const rule = rules[capability];
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
    return new Caller(this.teamId, this.user, this.level, this.scope, grants, this.ownCandidateIds, this.ip);
  }

  isSelf(candidateId: Id): boolean {
    return this.ownCandidateIds.includes(candidateId);
  }
}
