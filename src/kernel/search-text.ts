/** Letters that people take for accented ones, though Unicode does not decompose them. */
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

/** Case and accents do not count when people look for a name. Stored beside the name, and applied to what is typed. */
export const searchable = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(stroked, (letter) => strokes[letter] ?? letter)
    .replace(/\s+/gu, ' ');
