import { caseOf, packageOf, reportIdOf, reportOf } from './certn-answers.js';

describe('a case in the form Certn sends it', () => {
  const shown = {
    id: '7f1c2f0e-5b0e-4c1e-9a53-0d0f6f1f3a11',
    short_id: 'CS_CA_9Q2W7TX4KM1B',
    created: '2026-10-01T14:03:22.518Z',
    overall_status: 'COMPLETE',
    overall_score: 'REVIEW',
    email_address: 'ada@example.org',
    checks: [],
    tags: [{ name: 'a' }],
  };

  it('is read in full', () => {
    expect(caseOf(shown)).toEqual({
      id: shown.id,
      shortId: 'CS_CA_9Q2W7TX4KM1B',
      state: 'complete',
      result: 'review',
      vendorStatus: 'COMPLETE',
      vendorScore: 'REVIEW',
      email: 'ada@example.org',
      packageId: null,
      createdAt: new Date('2026-10-01T14:03:22.518Z'),
    });
  });

  it('needs only its id', () => {
    expect(caseOf({ id: 'c-1' })).toMatchObject({
      state: 'ordered',
      vendorStatus: 'CASE_ORDERED',
      result: null,
      createdAt: null,
    });
    expect(caseOf({ ...shown, id: undefined })).toBeNull();
    expect(caseOf([shown])).toBeNull();
  });

  it('keeps a word it does not know, without what could not be stored [R-83]', () => {
    expect(caseOf({ id: 'c-1', overall_status: 'ON_HOLD', overall_score: 'MAYBE' })).toMatchObject({
      state: 'unknown',
      vendorStatus: 'ON_HOLD',
      result: 'unknown',
      vendorScore: 'MAYBE',
    });
    expect(caseOf({ id: 'c-1', overall_status: `ON\u0000_HOLD\ud800${'!'.repeat(99)}` })?.vendorStatus).toMatch(
      /^ON_HOLD\ufffd!{56}$/,
    );
    expect(caseOf({ id: 'c-1', overall_status: 7, overall_score: {} })).toMatchObject({
      state: 'unknown',
      result: 'unknown',
    });
  });

  it.each([
    ['2026-10-01T14:03:22Z', '2026-10-01T14:03:22.000Z'],
    ['2026-10-01T14:03:22.518233+02:00', '2026-10-01T12:03:22.518Z'],
    ['2026-10-01T14:03:22', '2026-10-01T14:03:22.000Z'],
    ['2026-10-01T14:03:22.5', '2026-10-01T14:03:22.500Z'],
    ['yesterday', undefined],
    [7, undefined],
  ])('was created %s', (created, expected) => {
    expect(caseOf({ id: 'c-1', created })?.createdAt?.toISOString()).toBe(expected);
  });

  it.each([[{ package: 'p-1' }], [{ package: { id: 'p-1', name: 'Basic' } }], [{ package_id: 'p-1' }]])(
    'has the package of %j',
    (fields) => {
      expect(caseOf({ id: 'c-1', ...fields })?.packageId).toBe('p-1');
    },
  );
});

it.each([
  [
    { id: 'p-1', name: 'Basic', is_active: false },
    { id: 'p-1', name: 'Basic', active: false },
  ],
  [
    { id: 'p-1', name: ' ' },
    { id: 'p-1', name: 'p-1', active: true },
  ],
  [{ name: 'Basic' }, null],
  ['p-1', null],
])('the package %j', (item, expected) => {
  expect(packageOf(item)).toEqual(expected);
});

describe('a report', () => {
  it.each([
    [{ case_report_file_id: 'r-1', id: 'c-1' }, 'r-1'],
    [{ id: 'r-1' }, 'r-1'],
    [{}, null],
    [null, null],
  ])('is known by the id in %j', (body, id) => {
    expect(reportIdOf(body)).toBe(id);
  });

  const url = 'https://files.example.org/1';

  it.each([
    [
      { status: 'COMPLETE', pdf_url: url, url: 'https://else.example.org' },
      { state: 'ready', url },
    ],
    [
      { status: 'COMPLETE', pdf_url: null, url },
      { state: 'ready', url },
    ],
    [
      { status: 'COMPLETE', file_url: url },
      { state: 'ready', url },
    ],
    [
      { status: 'COMPLETE', download_url: url },
      { state: 'ready', url },
    ],
    [{ status: 'COMPLETE' }, { state: 'pending' }],
    [{ status: 'PENDING', pdf_url: url }, { state: 'pending' }],
    [{ status: 'RENDERING' }, { state: 'pending' }],
    [{}, { state: 'pending' }],
    [{ status: 'FAILED' }, { state: 'failed' }],
    ['COMPLETE', null],
  ])('%j', (body, expected) => {
    expect(reportOf(body)).toEqual(expected);
  });
});
