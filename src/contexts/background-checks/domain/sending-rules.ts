import type { Caller } from '#kernel/caller';
import { isDeliverable } from '#kernel/email';
import { notFound } from '#kernel/errors';
import {
  applicationNotActive,
  candidateAnonymised,
  candidateEmailMissing,
  checkInProgress,
  integrationNotEnabled,
  sendingNotAllowed,
} from './errors.js';
import type { SendableApplication } from './ports.js';

/** The facts that decide whether a check may be sent, before the package is validated. */
export interface SendingFacts {
  application: SendableApplication;
  /** The name of the vendor. */
  vendorName: string;
  /** The team's connection to it. */
  connectionEnabled: boolean;
  /** The id of the check that holds the slot. */
  inProgress: string | null;
}

/** Facts that passed the rules: the application has an address. */
export type Sendable = SendingFacts & { application: { email: string } };

type Rule = (facts: SendingFacts) => void;

const onlyActiveApplicationsAreChecked: Rule = ({ application }) => mustBeOpen(application);

const itsVendorMustBeConnected: Rule = ({ connectionEnabled, vendorName }) => {
  if (!connectionEnabled) throw integrationNotEnabled(vendorName);
};

const oneCheckPerActivityAtATime: Rule = ({ inProgress }) => {
  if (inProgress) throw checkInProgress(inProgress);
};

const theInvitationNeedsAnAddress: Rule = ({ application }) => {
  if (application.email === null || !isDeliverable(application.email)) throw candidateEmailMissing();
};

/** The rules of sending, in the order that callers rely on. The package is validated after these. */
const rules: Rule[] = [
  onlyActiveApplicationsAreChecked,
  itsVendorMustBeConnected,
  oneCheckPerActivityAtATime,
  theInvitationNeedsAnAddress,
];

/** The rules that another transaction can break between the validation of a send and its commit. */
export function mustBeOpen({ anonymised, active }: Pick<SendableApplication, 'anonymised' | 'active'>): void {
  if (anonymised) throw candidateAnonymised();
  if (!active) throw applicationNotActive();
}

export function mustBeSendable(facts: SendingFacts): asserts facts is Sendable {
  for (const rule of rules) rule(facts);
}

/** Sending takes the capability on the application's job, and is never allowed to the candidate themselves. */
export function mustBeAllowedToSend(
  caller: Caller,
  application: Pick<SendableApplication, 'jobId' | 'candidateId'>,
): void {
  if (!caller.sees(application.jobId)) throw notFound();
  if (caller.isSelf(application.candidateId)) throw sendingNotAllowed();
  caller.require('send_background_check', application.jobId);
}
