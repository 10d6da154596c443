import { allOf, anyOf, keepsItsCopy } from './vendor-words';

describe('Sentences about the vendors of a team', () => {
  it('name the only one', () => {
    expect([allOf(['Plainscreen']), anyOf(['Plainscreen'])]).toEqual(['Plainscreen', 'Plainscreen']);
    expect(keepsItsCopy(['Plainscreen'])).toBe('Plainscreen keeps its own copy by its own terms.');
  });

  it('name several', () => {
    const names = ['Certn', 'Plainscreen', 'Trustfolk'];
    expect(allOf(names)).toBe('Certn, Plainscreen, and Trustfolk');
    expect(anyOf(names.slice(0, 2))).toBe('Certn or Plainscreen');
    expect(keepsItsCopy(names)).toBe('Each vendor keeps its own copy by its own terms.');
  });

  it('name none while it is not known which there are', () => {
    expect([allOf([]), anyOf([])]).toEqual(['the vendor', 'the vendor']);
    expect(keepsItsCopy([])).toBe('Each vendor keeps its own copy by its own terms.');
  });
});
