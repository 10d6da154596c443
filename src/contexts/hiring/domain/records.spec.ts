import type { Id } from '#kernel/id';
import { ApplicationClosed } from '../contract.js';
import { Application } from './application.js';
import { Candidate } from './candidate.js';
import { Job } from './job.js';
import { searchable } from '#kernel/search-text';

const then = new Date('2026-10-01T10:00:00Z');
const now = new Date('2026-10-02T10:00:00Z');

it.each([
  ['Élan', 'elan'],
  ['Søren Łukasz', 'soren lukasz'],
  ['STRASSE', searchable('Straße')],
  ['ﬁ  nance', 'fi nance'],
])('finds %j by the search text %j', (stored, typed) => {
  expect(searchable(stored)).toBe(typed);
});

describe('A job', () => {
  it('changes what is stated and keeps the rest', () => {
    const job = aJob();
    expect(job.change({ status: 'closed', name: undefined }, now)).toBe(true);
    expect(job).toMatchObject({ name: 'Engineer', status: 'closed', updatedAt: now });
  });

  it('is found under its new name', () => {
    const job = aJob();
    job.change({ name: 'Ingénieur' }, now);
    expect(job.searchText).toBe('ingenieur');
  });

  it('says when nothing changed', () => {
    const job = aJob();
    expect(job.change({ name: 'Engineer', confidential: false }, now)).toBe(false);
    expect(job.updatedAt).toBe(then);
  });
});

describe('A candidate', () => {
  it('keeps no name, address or external id once anonymised, and stays so', () => {
    const address = { value: 'ada@example.org', is_primary: true };
    const candidate = new Candidate('team', 'candidate' as Id, 'Ada', 'L', [address], [{ value: '1' }], 'hris-1', then);
    expect(candidate.anonymise(now)).toBe(true);
    const anonymised = {
      firstName: 'Anonymised',
      lastName: 'candidate',
      emailAddresses: [],
      phoneNumbers: [],
      email: null,
    };
    expect(candidate).toMatchObject({ ...anonymised, searchText: 'anonymised candidate', anonymisedAt: now });
    expect(candidate.externalId).toBeNull();
    expect(candidate.anonymise(now)).toBe(false);
    expect(() => candidate.change({ firstName: 'Ada' }, now)).toThrow(
      expect.objectContaining({ reason: 'candidate_anonymised' }),
    );
  });

  it('has at most one primary address', () => {
    const two = ['a@example.org', 'b@example.org'].map((value) => ({ value, is_primary: true }));
    expect(() => aCandidate().change({ emailAddresses: two }, now)).toThrow(/Only one email address/);
  });

  it('gets a new invitation address when the addresses change', () => {
    const candidate = aCandidate();
    expect(candidate.email).toBe('ada@example.org');
    candidate.change({ emailAddresses: [{ value: 'byron@example.org', is_primary: false }] }, now);
    expect(candidate.email).toBe('byron@example.org');
    expect(candidate.searchText).toBe('ada lovelace\nbyron@example.org');
  });

  it('is unchanged by the same addresses', () => {
    const same = [{ value: 'ada@example.org', is_primary: false }];
    expect(aCandidate().change({ emailAddresses: same }, now)).toBe(false);
  });
});

describe('An application', () => {
  it('publishes an event when it stops being active, and only then', () => {
    const application = new Application('team', 'app' as Id, 'candidate' as Id, 'job' as Id, 'active', null, then);
    application.become('rejected', now);
    expect(application.releaseEvents()).toEqual([new ApplicationClosed('team', 'app' as Id)]);
    application.become('hired', now);
    application.become('active', now);
    expect(application.releaseEvents()).toEqual([]);
    expect(application.become('active', now)).toBe(false);
  });
});

const aJob = () => new Job('team', 'job' as Id, 'Engineer', null, 'open', false, null, then);

const aCandidate = () =>
  new Candidate(
    'team',
    'ada' as Id,
    'Ada',
    'Lovelace',
    [{ value: 'ada@example.org', is_primary: false }],
    [],
    null,
    then,
  );
