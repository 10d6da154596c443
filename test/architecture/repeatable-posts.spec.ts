import { describedOperations } from '../support/described-routes.js';

/** POSTs that need no Idempotency-Key, each with what a second identical request does. docs/api.md says it to customers. */
const harmless: Record<string, string> = {
  eraseUser: 'answers 204 again: the user is erased',
  anonymiseCandidate: 'answers 204 again: the candidate is anonymised',
  signOut: 'there is no session any more',
  chooseTeam: 'chooses the same team again',
  importRecords: 'finds each record by its external_id, and changes nothing',
  refreshBackgroundCheck: 'reads the case again',
  cancelBackgroundCheck: 'finds the cancellation that was requested',
  decideBackgroundCheck: 'is refused: there is nothing to decide any more',
  testIntegration: 'tries the saved key again; nothing is stored',
  rotateWebhookSecret: 'makes another secret, which is the one that counts; the secret before it also signs for a day',
  testWebhookEndpoint: 'sends another test',
  replayWebhookEvents: 'sends the same events again; receivers know them by their ids',
  replayWebhookEvent: 'works the event again; an event that was applied changes nothing',
};

const posts = describedOperations().filter(({ method }) => method === 'post');
const takesKey = ({ parameters }: (typeof posts)[number]): boolean =>
  parameters.some((one) => one.in === 'header' && one.name === 'Idempotency-Key');

describe('Every POST', () => {
  it('that makes something takes an Idempotency-Key: mark it with `@MakesOne` (src/platform/idempotency/makes-one.ts)', () => {
    const makes = posts.filter(({ statuses }) => statuses.includes('201'));
    expect(makes.length).toBeGreaterThan(7);
    expect(makes.filter((one) => !takesKey(one)).map(({ operationId }) => operationId)).toEqual([]);
  });

  it('takes one, or is on the list of those that need none', () => {
    const without = posts.filter((one) => !takesKey(one)).map(({ operationId }) => operationId);
    expect(without.toSorted()).toEqual(Object.keys(harmless).toSorted());
  });

  it('that takes one says that an answer may be a repeat', () => {
    const silent = posts.filter((one) => takesKey(one) && !one.headers.includes('Idempotent-Replayed'));
    expect(silent.map(({ operationId }) => operationId)).toEqual([]);
  });
});
