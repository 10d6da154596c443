/** Letters that people treat as accented, although Unicode does not decompose them. */
const strokes: Record<string, string> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
};
const stroked = new RegExp(`[${Object.keys(strokes).join('')}]`, 'gu');

/** The form for searching names without case and accents. It is stored beside the name, and applied to the search text. */
export const searchable = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(stroked, (letter) => strokes[letter] ?? letter)
    .replace(/\s+/gu, ' ');
