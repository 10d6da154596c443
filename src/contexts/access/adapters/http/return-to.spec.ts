import { safeReturn } from './return-to.js';

describe('The address after signing in', () => {
  it.each(['/candidates?search=ines', '/jobs/x/plan#stage', '/'])('is the requested one: %s', (wanted) =>
    expect(safeReturn(wanted)).toBe(wanted),
  );

  it.each([
    undefined,
    '',
    'jobs',
    'javascript:alert(1)',
    'https://elsewhere.example',
    '//elsewhere.example',
    '/\\elsewhere.example',
    '/\t/elsewhere.example',
    '/\n/elsewhere.example',
    '/..//elsewhere.example',
    '/x/..//elsewhere.example',
  ])('is the list of jobs instead of %j', (wanted) => {
    expect(safeReturn(wanted)).toBe('/jobs');
  });

  it.each(['/sign-in', '/sign-in?return_to=/sign-in', '/auth/sign-in', '/x/../auth/sign-in', '/ats/v0/me'])(
    'is neither a sign-in page nor data: %s',
    (wanted) => expect(safeReturn(wanted)).toBe('/jobs'),
  );
});
