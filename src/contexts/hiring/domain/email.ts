import { isDeliverable } from '#kernel/email';

/** An address in the form in which it is stored, sent and shown. */
export interface EmailAddress {
  value: string;
  is_primary: boolean;
}

/** The address for invitations: the primary one if it is valid, else the first valid one. */
export function invitationAddress(addresses: readonly EmailAddress[]): string | null {
  const usable = addresses.filter(({ value }) => isDeliverable(value));
  const chosen = usable.find((address) => address.is_primary) ?? usable[0];
  return chosen ? chosen.value.trim() : null;
}
