import { anId } from '../../../test/fakes/platform.js';
import { type Position, readCursor, writeCursor } from './cursor.js';

const position: Position = {
  feedId: anId(),
  seq: 12,
  completeSeq: 7,
  issuedAt: 1_764_000_000_000,
  database: '0123456789abcdef',
  rights: 'fedcba9876543210',
  types: ['lamp', 'light_bulb'],
};
const encoded = (text: string): string => Buffer.from(text, 'latin1').toString('base64url');
const decoded = (cursor: string): string => Buffer.from(cursor, 'base64url').toString('latin1');

describe('A cursor of the changes feed', () => {
  it('is read as it was written', () => {
    expect(readCursor(writeCursor(position))).toEqual(position);
  });

  it.each([
    ['nothing', ''],
    ['words', 'now'],
    ['another version', encoded(decoded(writeCursor(position)).replace(/^1/, '2'))],
    ['a number too large', writeCursor({ ...position, seq: 1e15 })],
    ['a negative number', writeCursor({ ...position, seq: -1 })],
    ['no types', writeCursor({ ...position, types: [] })],
    ['something behind it', encoded(`${decoded(writeCursor(position))}.x`)],
    ['another spelling of the same', `${writeCursor(position)}=`],
    ['another spelling of a number', encoded(decoded(writeCursor(position)).replace('.12.', '.012.'))],
  ])('is not %s', (_, cursor) => {
    expect(readCursor(cursor)).toBeNull();
  });

  it('is no longer than a text in a query may be, with many types', () => {
    const types = Array.from({ length: 8 }, () => 'background_check');
    expect(writeCursor({ ...position, seq: 1e14, types }).length).toBeLessThan(500);
  });
});
