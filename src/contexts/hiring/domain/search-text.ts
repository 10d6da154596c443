/** Case and accents do not count when people look for a name. Stored beside the name, and applied to what is typed. */
export const searchable = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/gu, ' ');
