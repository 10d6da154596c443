import type { Id } from './id.js';
import { type AccessLevel, Caller, type Capability, type JobPermission, type JobScope } from './caller.js';
import { DomainError, type ErrorKind } from './errors.js';
import { type Scope, scopes } from './scopes.js';

const job = 'job-1' as Id;
const other = 'job-2' as Id;

describe('The jobs that a caller sees', () => {
  it('are all but the named ones, or only those', () => {
    expect(aCaller('standard', { kind: 'all_but', jobIds: [job] }).sees(job)).toBe(false);
    expect(aCaller('standard', { kind: 'all_but', jobIds: [job] }).sees(other)).toBe(true);
    expect(aCaller('limited', { kind: 'only', jobIds: [job] }).sees(job)).toBe(true);
    expect(aCaller('limited', { kind: 'only', jobIds: [job] }).sees(other)).toBe(false);
  });

  it('are answered with 404, not 403, when out of sight', () => {
    const standard = aCaller('standard', { kind: 'all_but', jobIds: [job] });
    expect(refusalOf(() => standard.require('edit_interview_plan', job))).toBe('not_found');
    expect(refusalOf(() => standard.require('view_background_check_results', other))).toBe('forbidden');
    expect(refusalOf(() => standard.require('edit_interview_plan', other))).toBeNull();
  });
});

describe('Team-wide capabilities [R-05, R-06]', () => {
  const cases: [Capability, AccessLevel[]][] = [
    ['manage_integrations', ['admin']],
    ['administer_team', ['admin']],
    ['create_records', ['admin', 'standard']],
    ['view_colleagues', ['admin', 'standard']],
  ];
  it.each(cases)('%s is for %j', (capability, levels) => {
    const holders = (['restricted', 'limited', 'standard', 'admin'] as const).filter((level) =>
      aCaller(level).can(capability),
    );
    expect(holders.sort()).toEqual([...levels].sort());
  });
});

describe('Capabilities on a job that the caller sees [R-07]', () => {
  const everyone = ['nothing', 'manage', 'send_checks', 'view_results'] as const;
  const cases: [Capability, readonly string[]][] = [
    ['edit_interview_plan', ['manage']],
    ['edit_job', ['manage']],
    ['manage_job_permissions', ['manage']],
    ['send_background_check', ['manage', 'send_checks']],
    ['view_background_check_results', ['view_results']],
    ['view_background_check_status', everyone],
    ['view_job', everyone],
    ['manage_integrations', []],
    ['create_records', []],
  ];
  it.each(cases)('%s comes to a limited user with one of %j', (capability, sufficient) => {
    const granted = everyone.filter((grant) => aLimitedUserWith(grant).can(capability, job));
    expect([...granted].sort()).toEqual([...sufficient].sort());
  });

  it.each(cases)('%s on one job says nothing about another', (capability) => {
    expect(aLimitedUserWith('manage').can(capability, other)).toBe(false);
  });

  it('A standard user may do without a grant what does not show results or change permissions', () => {
    const standard = aCaller('standard');
    expect(standard.capabilities(job)).toEqual([
      'edit_interview_plan',
      'send_background_check',
      'view_background_check_status',
    ]);
    expect(standard.can('manage_job_permissions', job)).toBe(false);
  });

  it('An admin has them all; managing integrations is no capability on a job', () => {
    expect(aCaller('admin').capabilities()).toContain('manage_integrations');
    expect(aCaller('admin').capabilities(job)).not.toContain('manage_integrations');
    expect(aCaller('admin').capabilities(job)).toHaveLength(4);
  });
});

it('A grant does not change the caller object it was made from', () => {
  const before = aCaller('standard');
  const after = before.granted(job, ['view_results']);
  expect(after.can('view_background_check_results', job)).toBe(true);
  expect(before.can('view_background_check_results', job)).toBe(false);
});

describe('What a caller may grant on a job', () => {
  const cases: [JobPermission | 'nothing', JobPermission[]][] = [
    ['manage', ['manage', 'send_checks']],
    ['send_checks', ['send_checks']],
    ['view_results', ['view_results']],
    ['nothing', []],
  ];
  it.each(cases)('is, with %s, no more than they hold: %j', (held, grantable) => {
    const caller = aLimitedUserWith(held);
    expect((['manage', 'send_checks', 'view_results'] as const).filter((one) => caller.mayGrant(one, job))).toEqual(
      grantable,
    );
  });

  it('is everything for an admin', () => {
    expect(aCaller('admin').mayGrant('view_results', job)).toBe(true);
  });
});

it('A caller is recognised as their own candidate', () => {
  const caller = new Caller('team', { id: 'u' as Id, name: 'Ada' }, 'admin', allJobs, new Map(), ['candidate-1' as Id]);
  expect(caller.isSelf('candidate-1' as Id)).toBe(true);
  expect(caller.isSelf('candidate-2' as Id)).toBe(false);
});

describe('A service account', () => {
  const every: Capability[] = [
    ...(['manage_integrations', 'view_integrations', 'administer_team', 'import_records', 'create_records'] as const),
    ...(['view_colleagues', 'edit_job', 'manage_job_permissions', 'view_packages', 'view_job'] as const),
    ...(['edit_interview_plan', 'send_background_check', 'view_background_check_status'] as const),
    'view_background_check_results',
  ];
  const account = (level: AccessLevel, given: readonly Scope[], grants: [Id, JobPermission[]][] = []) => {
    const seen: JobScope = level === 'limited' ? { kind: 'only', jobIds: grants.map(([id]) => id) } : allJobs;
    return new Caller('team', { id: 'app' as Id, name: 'App' }, level, seen, new Map(grants), [], null, given);
  };
  const may = (caller: Caller) => every.filter((capability) => caller.can(capability, job));

  it.each<[Scope, Capability[]]>([
    ['jobs:write', ['edit_interview_plan']],
    ['background_checks:read', ['view_background_check_status']],
    ['background_checks:send', ['send_background_check']],
    ['results:read', ['view_background_check_results']],
    ['imports', ['import_records']],
    ['integrations:read', ['view_integrations', 'view_packages']],
    ['jobs:read', []],
  ])('of an admin may, with %s, besides what its routes decide: %j', (scope, capabilities) => {
    const byRoute: Capability[] = ['create_records', 'edit_job', 'view_job'];
    expect(may(account('admin', [scope])).toSorted()).toEqual([...byRoute, ...capabilities].toSorted());
  });

  it('never administers, connects, reads colleagues, or grants rights', () => {
    const caller = account('admin', scopes);
    const never: Capability[] = ['administer_team', 'manage_integrations', 'view_colleagues', 'manage_job_permissions'];
    expect(never.filter((capability) => caller.can(capability, job))).toEqual([]);
    expect(caller.mayGrant('manage', job)).toBe(false);
  });

  it('gets no right from a scope that its level and its job permissions do not give', () => {
    const [standard, granted] = [account('standard', scopes), account('limited', scopes, [[job, ['view_results']]])];
    const rights = (caller: Caller) => [
      caller.can('view_background_check_results', job),
      caller.can('import_records'),
      caller.can('send_background_check', job),
    ];
    expect([rights(standard), rights(granted)]).toEqual([
      [false, false, true],
      [true, false, false],
    ]);
    expect(account('limited', ['jobs:read'], [[job, ['view_results']]]).can('view_background_check_results', job)).toBe(
      false,
    );
  });

  it('keeps its scopes when it is granted a permission', () => {
    expect(account('standard', ['jobs:write']).granted(job, ['manage']).scopes).toEqual(['jobs:write']);
  });
});

const allJobs: JobScope = { kind: 'all_but', jobIds: [] };

function aCaller(
  level: AccessLevel,
  scope: JobScope = level === 'standard' || level === 'admin' ? allJobs : { kind: 'only', jobIds: [] },
  grants: [Id, JobPermission[]][] = [],
): Caller {
  return new Caller('team', { id: 'user' as Id, name: 'Ada' }, level, scope, new Map(grants), []);
}

function aLimitedUserWith(grant: JobPermission | 'nothing'): Caller {
  return aCaller('limited', { kind: 'only', jobIds: [job] }, [[job, grant === 'nothing' ? [] : [grant]]]);
}

function refusalOf(attempt: () => void): ErrorKind | null {
  try {
    attempt();
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.kind;
    throw error;
  }
}
