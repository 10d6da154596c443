import { notSettledYet, nothingToDecide } from './errors.js';

describe('a refused decision about an order', () => {
  it('because there is nothing to decide', () => {
    expect(nothingToDecide()).toMatchObject({
      ...{ kind: 'conflict', reason: 'nothing_to_decide', message: 'This order does not need a decision now.' },
      ...{ errors: {}, retryAfterSeconds: null },
    });
  });

  it.each([
    [1, 'a minute'],
    [60, 'a minute'],
    [61, '2 minutes'],
    [120, '2 minutes'],
    [900, '15 minutes'],
  ])('because the vendor may still execute it for %i s, says when to try again: in %s', (seconds, words) => {
    expect(notSettledYet(seconds, 'Trustfolk')).toMatchObject({
      ...{ kind: 'conflict', reason: 'not_settled_yet', retryAfterSeconds: seconds },
      message: `Trustfolk may still be taking the first order. Try again in ${words}.`,
    });
  });
});
