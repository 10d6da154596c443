import { ApiError } from './errors';
import { isStale, staleWords, tagged, unlessChanged } from './tags';

const answered = (data: object, etag?: string) =>
  Promise.resolve({ data, response: new Response(null, { headers: etag === undefined ? {} : { etag } }) });
const inWords = (at: string): string => `the day of ${at}`;
const stale = (headers?: Record<string, string[]>) =>
  new ApiError({
    status: 412,
    reason: 'changed_meanwhile',
    message: 'Not the version.',
    errors: headers && { headers },
  });

describe('A change of something that was read', () => {
  it('has the tag that came with it as its condition', async () => {
    const job = await tagged(answered({ name: 'Nurse' }, '"v.h"'));
    expect(unlessChanged(job)).toEqual({ 'If-Match': '"v.h"' });
  });

  it('has none where the answer had no tag, and for a copy', async () => {
    expect(unlessChanged(await tagged(answered({ name: 'Nurse' })))).toEqual({});
    expect(unlessChanged({ ...(await tagged(answered({ name: 'Nurse' }, '"v.h"'))) })).toEqual({});
  });

  it('keeps the versions of two reads apart', async () => {
    const [before, after] = [await tagged(answered({}, '"1"')), await tagged(answered({}, '"2"'))];
    expect([unlessChanged(before), unlessChanged(after)]).toEqual([{ 'If-Match': '"1"' }, { 'If-Match': '"2"' }]);
  });
});

describe('A stale change', () => {
  it('is told by its status', () => {
    expect([
      isStale(stale()),
      isStale(new ApiError({ status: 409, reason: 'changed_meanwhile', message: '' })),
      isStale(null),
    ]).toEqual([true, false, false]);
  });

  it.each([
    [{ changed_by: ['Grace Hopper'], changed_at: ['noon'] }, 'Grace Hopper changed this on the day of noon.'],
    [{ changed_at: ['noon'] }, 'Someone changed this on the day of noon.'],
    [{}, 'Not the version.'],
    [undefined, 'Not the version.'],
  ])('%j: %s', (headers, words) => {
    expect(staleWords(stale(headers), inWords)).toBe(words);
  });
});
