interface Address {
  value: string;
  is_primary: boolean;
}

/**
 * The addresses with this one as the main one. A new address takes the place of the present main one; one that is among them
 * becomes the main one, and all stay.
 */
export function withMainAddress(present: Address[], email: string): Address[] {
  const isNew = present.every(({ value }) => value !== email);
  const others = present.filter(({ value, is_primary }) => value !== email && !(isNew && is_primary));
  return [{ value: email, is_primary: true }, ...others.map(({ value }) => ({ value, is_primary: false }))];
}
