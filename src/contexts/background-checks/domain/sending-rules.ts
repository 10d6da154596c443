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

/** What a send is judged by, before its package is. */
export interface SendingFacts {
  application: SendableApplication;
  connectionEnabled: boolean;
  underWay: string | null;
}

/** Facts that passed the rules: there is an address to write to. */
export type Sendable = SendingFacts & { application: { email: string } };

type Rule = (facts: SendingFacts) => void;

const onlyActiveApplicationsAreChecked: Rule = ({ application }) => mustBeOpen(application);

const certnMustBeConnected: Rule = ({ connectionEnabled }) => {
  if (!connectionEnabled) throw integrationNotEnabled();
};

const oneCheckPerActivityAtATime: Rule = ({ underWay }) => {
  if (underWay) throw checkInProgress(underWay);
};

const theInvitationNeedsAnAddress: Rule = ({ application }) => {
  if (application.email === null || !isDeliverable(application.email)) throw candidateEmailMissing();
};

/** The refusals of a send, in the order in which callers rely on them. The package comes after these. */
const rules: Rule[] = [
  onlyActiveApplicationsAreChecked,
  certnMustBeConnected,
  oneCheckPerActivityAtATime,
  theInvitationNeedsAnAddress,
];

/** The rules that somebody else's act can break between the judgement of a send and its commit. */
export function mustBeOpen({ anonymised, active }: Pick<SendableApplication, 'anonymised' | 'active'>): void {
  if (anonymised) throw candidateAnonymised();
  if (!active) throw applicationNotActive();
}

export function mustBeSendable(facts: SendingFacts): asserts facts is Sendable {
  for (const rule of rules) rule(facts);
}

/** Who may send for an application: those with the right on its job, but never the candidate themselves. */
export function mustBeAllowedToSend(
  caller: Caller,
  application: Pick<SendableApplication, 'jobId' | 'candidateId'>,
): void {
  if (!caller.sees(application.jobId)) throw notFound();
  if (caller.isSelf(application.candidateId)) throw sendingNotAllowed();
  caller.require('send_background_check', application.jobId);
}
