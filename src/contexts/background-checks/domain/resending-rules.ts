import { type CheckStatus, isResendable } from './check-status.js';
import { alreadyReplaced, notResendable } from './errors.js';

interface Replaceable {
  status: CheckStatus;
  replacedById: string | null;
}

type Rule = (check: Replaceable) => void;

const onlyChecksWithoutResultAreResent: Rule = ({ status }) => {
  if (!isResendable(status)) throw notResendable();
};

const aCheckIsReplacedOnce: Rule = ({ replacedById }) => {
  if (replacedById !== null) throw alreadyReplaced(replacedById);
};

/** The rules for the check that is replaced. The rules of sending come after these. */
const rules: Rule[] = [onlyChecksWithoutResultAreResent, aCheckIsReplacedOnce];

export function mustBeResendable(check: Replaceable): void {
  for (const rule of rules) rule(check);
}
