import { safeReturn } from './return-to';

describe('The page after signing in', () => {
  it('is the requested page, with its query', () => {
    expect(safeReturn('/candidates?search=ines')).toBe('/candidates?search=ines');
  });

  it.each([undefined, '', 'jobs', 'https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example'])(
    'is the list of jobs instead of %s',
    (wanted) => expect(safeReturn(wanted)).toBe('/jobs'),
  );

  it.each(['/sign-in', '/sign-in?return_to=/sign-in'])('is not the sign-in page itself: %s', (wanted) =>
    expect(safeReturn(wanted)).toBe('/jobs'),
  );
});
