import { type CheckStatus, isResendable } from './check-status.js';
import { alreadyReplaced, notResendable } from './errors.js';

interface Replaceable {
  status: CheckStatus;
  replacedById: string | null;
}

type Rule = (check: Replaceable) => void;

const onlyWhatCameToNothingIsSentAgain: Rule = ({ status }) => {
  if (!isResendable(status)) throw notResendable();
};

const aCheckIsReplacedOnce: Rule = ({ replacedById }) => {
  if (replacedById !== null) throw alreadyReplaced(replacedById);
};

/** What must hold of a check that another is sent in place of. The rules of sending come after these. */
const rules: Rule[] = [onlyWhatCameToNothingIsSentAgain, aCheckIsReplacedOnce];

export function mustBeResendable(check: Replaceable): void {
  for (const rule of rules) rule(check);
}
