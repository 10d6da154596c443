import type { Caller } from '#kernel/caller';
import { DomainError, invalidField, notFound } from '#kernel/errors';
import { applyChanges } from './changes.js';
import { canonicalEmail } from '#kernel/email';
import type { Id } from '#kernel/id';
import { type EmailAddress, invitationAddress } from './email.js';
import { candidateAnonymised, legalHold } from './errors.js';
import { searchable } from '#kernel/search-text';

export interface PhoneNumber {
  value: string;
}

export interface CandidateDetails {
  firstName: string;
  lastName: string;
  emailAddresses: EmailAddress[];
  phoneNumbers: PhoneNumber[];
  /** The candidate's id in another system. */
  externalId: string | null;
}

/** A person who applies or may apply later. */
export class Candidate implements CandidateDetails {
  /** The address that an invitation goes to. */
  email: string | null;
  searchText: string;
  anonymisedAt: Date | null = null;
  /** The team must be able to show this data later, so nothing may be erased during the hold. */
  legalHold = false;
  legalHoldEndedAt: Date | null = null;
  updatedAt: Date;
  version = 1;

  constructor(
    readonly teamId: string,
    readonly id: Id,
    public firstName: string,
    public lastName: string,
    public emailAddresses: EmailAddress[],
    public phoneNumbers: PhoneNumber[],
    public externalId: string | null,
    readonly createdAt: Date,
  ) {
    atMostOnePrimary(emailAddresses);
    this.email = invitationAddress(emailAddresses);
    this.searchText = searchTextOf(this);
    this.updatedAt = createdAt;
  }

  /** Returns false when nothing changed. */
  change(changes: Partial<CandidateDetails>, now: Date): boolean {
    if (this.anonymisedAt) throw candidateAnonymised();
    if (changes.emailAddresses) atMostOnePrimary(changes.emailAddresses);
    if (!applyChanges<CandidateDetails>(this, changes)) return false;
    this.email = invitationAddress(this.emailAddresses);
    this.searchText = searchTextOf(this);
    this.updatedAt = now;
    return true;
  }

  /** Returns false when nothing changed. */
  hold(held: boolean, now: Date): boolean {
    if (this.anonymisedAt) throw candidateAnonymised();
    if (held === this.legalHold) return false;
    this.legalHold = held;
    this.legalHoldEndedAt = held ? null : now;
    this.updatedAt = now;
    return true;
  }

  /** Erases the person's data irreversibly. Returns false when that was done before. */
  anonymise(now: Date): boolean {
    if (this.anonymisedAt) return false;
    if (this.legalHold) throw legalHold();
    const nobody = { firstName: 'Anonymised', lastName: 'candidate', emailAddresses: [], phoneNumbers: [] };
    this.change({ ...nobody, externalId: null }, now);
    this.anonymisedAt = now;
    this.updatedAt = now;
    return true;
  }
}

/** Changing a candidate takes the right to edit one of their jobs or, without applications, the right to create records. */
export function mustBeAllowedToChange(caller: Caller, jobIds: readonly Id[]): void {
  if (jobIds.length === 0) return caller.require('create_records');
  const seen = jobIds.filter((jobId) => caller.sees(jobId));
  if (seen.length === 0) throw notFound();
  if (!seen.some((jobId) => caller.can('edit_job', jobId))) {
    throw new DomainError('forbidden', 'not_allowed', "You don't have permission to change this candidate.");
  }
}

/** Whether the caller sees a candidate with applications for these jobs. */
export const isCandidateSeen = (caller: Caller, jobIds: readonly Id[]): boolean =>
  jobIds.length === 0 ? caller.can('create_records') : jobIds.some((jobId) => caller.sees(jobId));

function atMostOnePrimary(addresses: readonly EmailAddress[]): void {
  if (addresses.filter((address) => address.is_primary).length > 1) {
    throw invalidField('email_addresses', 'invalid_request', 'Only one email address can be primary.');
  }
}

function searchTextOf({ firstName, lastName, emailAddresses }: CandidateDetails): string {
  const addresses = emailAddresses.flatMap(({ value }) => [value, canonicalEmail(value)]);
  return [...new Set([`${firstName} ${lastName}`, ...addresses].map(searchable))].join('\n');
}
