import { isDeliverable } from '#kernel/email';

/** As it is stored, sent and shown. */
export interface EmailAddress {
  value: string;
  is_primary: boolean;
}

/** Where an invitation goes: the primary address, else the first valid one. */
export function invitationAddress(addresses: readonly EmailAddress[]): string | null {
  const usable = addresses.filter(({ value }) => isDeliverable(value));
  const chosen = usable.find((address) => address.is_primary) ?? usable[0];
  return chosen ? chosen.value.trim() : null;
}
