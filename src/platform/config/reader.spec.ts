import { Reader } from './reader.js';

describe('A setting that has a new name', () => {
  const reading = (env: Record<string, string>): Reader => {
    const reader = new Reader(env);
    reader.renamed('HALL_LAMP_SECONDS', 'LAMP_SECONDS');
    return reader;
  };

  it('is read under the old name while the new one is not set, or empty', () => {
    expect(reading({ LAMP_SECONDS: '60' }).number('HALL_LAMP_SECONDS', 900, 1, 86_400)).toBe(60);
    expect(reading({ HALL_LAMP_SECONDS: ' ', LAMP_SECONDS: '1,2' }).text('HALL_LAMP_SECONDS')).toBe('1,2');
  });

  it('is read under the new name when both are set', () => {
    expect(reading({ HALL_LAMP_SECONDS: '120', LAMP_SECONDS: '60' }).text('HALL_LAMP_SECONDS')).toBe('120');
  });

  it('does not answer for others: what has no old name is read under its own alone', () => {
    expect(reading({ LAMP_SECONDS: '60' }).text('PORCH_LAMP_SECONDS')).toBeNull();
  });
});
