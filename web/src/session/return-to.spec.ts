import { safeReturn } from './return-to';

describe('Where signing in leads', () => {
  it('is the address that was asked for, with its query', () => {
    expect(safeReturn('/candidates?search=ines')).toBe('/candidates?search=ines');
  });

  it.each([undefined, '', 'jobs', 'https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example'])(
    'is the list of jobs instead of %s',
    (wanted) => expect(safeReturn(wanted)).toBe('/jobs'),
  );

  it.each(['/sign-in', '/sign-in?return_to=/sign-in'])('is not signing in once more: %s', (wanted) =>
    expect(safeReturn(wanted)).toBe('/jobs'),
  );
});
