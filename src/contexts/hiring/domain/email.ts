import { isEmail } from 'class-validator';
import { canonicalEmail } from '#kernel/email';

export { canonicalEmail };

/** As it is stored, sent and shown. */
export interface EmailAddress {
  value: string;
  is_primary: boolean;
}

/** Syntactically valid, which is all that can be known before a mail is sent. */
export const isUsable = (address: string): boolean => isEmail(canonicalEmail(address));

/** Where an invitation goes: the primary address, else the first valid one. */
export function invitationAddress(addresses: readonly EmailAddress[]): string | null {
  const usable = addresses.filter(({ value }) => isUsable(value));
  const chosen = usable.find((address) => address.is_primary) ?? usable[0];
  return chosen ? chosen.value.trim() : null;
}
